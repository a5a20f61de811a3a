using Anthropic.Models.Messages;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Anthropic;

/// <summary>One answer while it comes in: makes the contract's updates out of the SDK's.</summary>
internal sealed class StreamedAnswer
{
    private bool _hasStarted;

    /// <summary>A finish reason was seen: only usage may follow.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>What the SDK's update adds to the answer; null if that is nothing.</summary>
    /// <exception cref="ProviderException">The stream is not of this protocol.</exception>
    public ChatResponseUpdate? UpdateFor(ChatResponseUpdate update)
    {
        // Once a stream has proved itself, an event of a kind of its own says nothing against it.
        _hasStarted |= update.RawRepresentation is RawMessageStreamEvent { Value: RawMessageStartEvent };
        ThrowIfNone();
        // The SDK repeats the reason in all that follows it.
        var finishReason = IsFinished ? null : update.FinishReason;
        IsFinished |= finishReason is not null;
        var contents = update.Contents.Where(HasContent).ToList();
        // The SDK's own objects stay here: the host may keep an update longer than this code is loaded.
        contents.ForEach(content => content.RawRepresentation = null);
        return contents.Count == 0 && finishReason is null ? null : new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            ResponseId = update.ResponseId,
            MessageId = update.MessageId,
            ModelId = update.ModelId,
            FinishReason = finishReason,
        };
    }

    /// <exception cref="ProviderException">There is no answer in the stream: it is another protocol's, or empty.</exception>
    public void ThrowIfNone()
    {
        if (!_hasStarted)
        {
            throw new ProviderException(ProviderErrorKind.UnexpectedFormat);
        }
    }

    // A block begins with an empty text; a thought may have no words and still the signature that goes back with it.
    private static bool HasContent(AIContent content) => content switch
    {
        TextReasoningContent thought => thought.Text.Length > 0 || thought.ProtectedData is { Length: > 0 },
        TextContent text => text.Text.Length > 0 || text.Annotations is { Count: > 0 },
        _ => true,
    };
}
