using System.Text.Encodings.Web;
using System.Text.Json;
using Calango.Core.Models;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>A prompt as it is sent.</summary>
/// <param name="Messages">In order: the part that stays the same from turn to turn comes first, so that services' prompt caches hit.</param>
/// <param name="Options">The parameters.</param>
/// <param name="Tokens">Our estimate.</param>
/// <param name="OmittedMessages">How many of the oldest messages did not fit.</param>
/// <param name="FirstIncludedId">The first that did, where some did not.</param>
internal sealed record Prompt(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, int Tokens, int OmittedMessages, Guid? FirstIncludedId)
{
    // Only shown as text: angle brackets and accents may stay readable.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a trace has of the messages.</summary>
    public static List<TracedMessage> MessagesOf(TurnTrace trace) => JsonSerializer.Deserialize<List<TracedMessage>>(trace.Prompt, Json)!;

    /// <summary>The prompt of a trace, as it was sent then.</summary>
    public static Prompt From(TurnTrace trace, IReadOnlyList<TracedMessage> messages, OfferedTools tools, IReadOnlyDictionary<Guid, AIContent> pictures)
    {
        var parameters = JsonSerializer.Deserialize<TracedParameters>(trace.Parameters, Json)!;
        return new Prompt(
            [.. messages.Select(message => message.ToMessage(pictures))],
            new ChatOptions
            {
                ModelId = parameters.Model,
                Temperature = parameters.Temperature,
                MaxOutputTokens = parameters.MaxOutputTokens,
                Tools = tools.Declarations.Count > 0 ? [.. tools.Declarations] : null,
            },
            messages.Sum(message => TokenEstimate.Of(message.Text) + (message.Pictures?.Sum(picture => TokenEstimate.OfPicture(picture.Width, picture.Height)) ?? 0) + TokenEstimate.PerMessage),
            OmittedMessages: 0,
            FirstIncludedId: null);
    }

    /// <summary>What is kept of it.</summary>
    public TurnTrace ToTrace(Guid turnId, IReadOnlyList<TracedAttempt> attempts, OfferedTools tools) => new()
    {
        Id = turnId,
        Prompt = JsonSerializer.Serialize(Messages.SelectMany(TracedMessage.Of), Json),
        Parameters = JsonSerializer.Serialize(new TracedParameters(Options.ModelId, Options.Temperature, Options.MaxOutputTokens) { Tools = tools.Traced }, Json),
        Attempts = JsonSerializer.Serialize(attempts, Json),
    };
}
