using System.Diagnostics;
using System.Diagnostics.Metrics;
using Calango.Core.Models;
using Calango.Core.Telemetry;

namespace Calango.Core.Chat;

/// <summary>The measurements of calls of models, under the names of the conventions: the same for turns, for small tasks and for programs, told apart by their purpose. Thread-safe.</summary>
internal sealed class CallTelemetry
{
    /// <summary>The call answers a person.</summary>
    public const string OfTurn = "turn";

    /// <summary>The call writes a chat's title.</summary>
    public const string OfTitle = "title";

    /// <summary>The call says a question in full, to search for it.</summary>
    public const string OfQuestion = "question";

    /// <summary>The call answers a program.</summary>
    public const string OfCompletion = "completion";

    /// <summary>The attribute that tells them apart.</summary>
    public const string Purpose = "calango.purpose";

    /// <summary>The attribute with the connection's name, as the administrator wrote it: there are as many as connections.</summary>
    public const string Connection = "calango.connection.name";

    private const string Unknown = "unknown";

    private static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] Counts = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstChunk;
    private readonly Histogram<double> _tokens;

    public CallTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Instrumentation.Name);
        _duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "How long models were called for a turn, with all attempts, for a small task, or for a program.", Seconds);
        _firstChunk = meter.CreateHistogram("gen_ai.client.operation.time_to_first_chunk", "s", "From the call of a model to its first token.", Seconds);
        _tokens = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of prompts and answers, as services count them.", Counts);
    }

    /// <summary>What names a model and its connection. A name that no catalog knows is whatever somebody sent: not to be counted by.</summary>
    /// <param name="model">The model; null: no catalog knows it.</param>
    /// <param name="connection">The connection's name, which may be known where the model is not; null: it is not.</param>
    public static TagList TagsOf(CatalogModel? model, string? connection) => new()
    {
        { "gen_ai.operation.name", "chat" },
        { "gen_ai.provider.name", ProviderOf(model) },
        { "gen_ai.request.model", model?.Ref.ModelId ?? Unknown },
        { Connection, connection ?? Unknown },
    };

    /// <summary>Whose a model is. Two services have another name in the conventions than here.</summary>
    public static string ProviderOf(CatalogModel? model) => model?.Provider switch
    {
        null => Unknown,
        "azure" => "azure.ai.openai",
        "mistral" => "mistral_ai",
        var provider => provider,
    };

    /// <summary>How long it took; <paramref name="failure"/> is the code of what failed, if something did.</summary>
    public void Took(string purpose, double milliseconds, string? failure, in TagList model)
    {
        var tags = For(purpose, model);
        if (failure is not null)
        {
            tags.Add(Instrumentation.ErrorType, failure);
        }

        _duration.Record(milliseconds / 1000, tags);
    }

    public void FirstToken(string purpose, double milliseconds, in TagList model) => _firstChunk.Record(milliseconds / 1000, For(purpose, model));

    /// <param name="purpose">What for.</param>
    /// <param name="type">input or output.</param>
    /// <param name="count">As the service counted.</param>
    /// <param name="model">The model's tags.</param>
    public void Tokens(string purpose, string type, long count, in TagList model)
    {
        var tags = For(purpose, model);
        tags.Add("gen_ai.token.type", type);
        _tokens.Record(count, tags);
    }

    private static TagList For(string purpose, in TagList model)
    {
        var tags = model;
        tags.Add(Purpose, purpose);
        return tags;
    }
}
