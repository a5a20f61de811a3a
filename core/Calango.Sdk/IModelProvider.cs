using Microsoft.Extensions.AI;

namespace Calango.Sdk;

/// <summary>
/// A source of chat models, reached with a connection's settings. Called concurrently and for many connections: keeps
/// no state of a turn, a user or a connection.
/// </summary>
public interface IModelProvider
{
    /// <summary>Stable, lower-case, unique among installed plugins, e.g. <c>openai-compatible</c>. Stored with each connection.</summary>
    string Id { get; }

    /// <summary>The settings a connection needs. See <see cref="SettingsSchema"/>.</summary>
    IReadOnlyList<SettingField> Settings { get; }

    /// <summary>Whether its clients hand <see cref="ChatOptions.Tools"/> on, and calls and results in messages.</summary>
    bool CallsTools => false;

    /// <summary>Known services, in the order to show them; the first is the default.</summary>
    IReadOnlyList<ProviderPreset> Presets { get; }

    /// <summary>Asks the service which chat models it has. Also the connection test: every way it can go wrong has its own kind.</summary>
    /// <exception cref="ProviderException">With the kind that says what is wrong.</exception>
    Task<IReadOnlyList<ModelInfo>> ListModelsAsync(SettingsValues settings, CancellationToken cancellationToken);

    /// <summary>
    /// A client for one model. It makes no request until used. Its streaming method yields text as <see cref="TextContent"/>,
    /// thinking as <see cref="TextReasoningContent"/>, tool calls as <see cref="FunctionCallContent"/> once their
    /// arguments are whole, and usage as <see cref="UsageContent"/>. The last updates carry a
    /// <see cref="ChatResponseUpdate.FinishReason"/>: a stream that ends without one was cut. Cancelling closes the
    /// socket at once. The client does not retry. Failures are <see cref="ProviderException"/>.
    /// </summary>
    IChatClient Connect(string modelId, SettingsValues settings);
}


/// <summary>A known service: its name and the settings with which a new connection starts.</summary>
/// <param name="Id">Stable within the provider, e.g. <c>openrouter</c>.</param>
/// <param name="Name">The service's own name, not translated.</param>
/// <param name="Values">Settings filled in, by field name.</param>
public sealed record ProviderPreset(string Id, string Name, IReadOnlyDictionary<string, string> Values);

/// <summary>What a provider knows of one model. Unknown is null, never a guess.</summary>
/// <param name="Id">As the service names it in requests.</param>
/// <param name="Name">For people; the id where the service has no better one.</param>
/// <param name="ContextTokens">The window: prompt and answer together, in the model's own tokens.</param>
/// <param name="MaxOutputTokens">The longest answer, in tokens.</param>
/// <param name="InputPrice">US dollars per million prompt tokens, where the service says so.</param>
/// <param name="OutputPrice">US dollars per million answer tokens, where the service says so.</param>
/// <param name="OnPremises">True only if the model runs on this machine.</param>
public sealed record ModelInfo(
    string Id,
    string Name,
    int? ContextTokens = null,
    int? MaxOutputTokens = null,
    decimal? InputPrice = null,
    decimal? OutputPrice = null,
    bool OnPremises = false)
{
    /// <summary>
    /// Whether it takes pictures: as <see cref="DataContent"/> in messages of the user, PNG or JPEG. Null: the service doesn't say, and a picture
    /// is sent to whatever it answers.
    /// </summary>
    public bool? SeesPictures { get; init; }
}
