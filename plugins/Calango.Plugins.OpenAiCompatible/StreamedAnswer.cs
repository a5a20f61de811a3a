using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>One answer while it comes in: turns its events into updates, and keeps what is only whole at the end.</summary>
internal sealed class StreamedAnswer(string? apiKey)
{
    private readonly ChunkReader _reader = new();
    private readonly ToolCalls _toolCalls = new();
    private UsageDetails? _usage;
    private bool _hasChunk;

    /// <summary>The service said <c>[DONE]</c>: nothing follows.</summary>
    public bool IsDone { get; private set; }

    /// <summary>A finish reason was seen: only usage may follow.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>The parser of one event's data.</summary>
    public Chunk Read(string eventType, ReadOnlySpan<byte> data) => _reader.Read(data);

    /// <summary>What the event adds to the answer; null if that is nothing yet.</summary>
    /// <exception cref="ProviderException">The event is an error, or not of this protocol.</exception>
    public ChatResponseUpdate? UpdateFor(in Chunk chunk)
    {
        IsDone = chunk.IsDone;
        if (chunk.Error is { } error)
        {
            throw error.ToException(statusCode: null, apiKey: apiKey);
        }

        if (!chunk.IsChat)
        {
            // Once a stream has proved itself, an event of a kind of its own (a ping, a trace) says nothing against it.
            return _hasChunk || chunk.IsDone ? null : throw new ProviderException(ProviderErrorKind.UnexpectedFormat);
        }

        _hasChunk = true;
        _usage = chunk.Usage ?? _usage;
        _toolCalls.Add(chunk.ToolCalls);
        var finishReason = IsFinished ? null : FromOpenAi.FinishReason(chunk.FinishReason);
        IsFinished |= finishReason is not null;
        List<AIContent> contents = [];
        if (chunk.Reasoning is { Length: > 0 } reasoning)
        {
            contents.Add(new TextReasoningContent(reasoning));
        }

        if (chunk.Text is { Length: > 0 } text)
        {
            contents.Add(new TextContent(text));
        }

        if (finishReason is not null)
        {
            contents.AddRange(_toolCalls.Take());
        }

        return contents.Count > 0 || finishReason is not null ? Update(contents, finishReason) : null;
    }

    /// <summary>What remains when the stream has ended: usage, and tool calls of a service that gives no finish reason.</summary>
    /// <exception cref="ProviderException">There was no answer in the stream at all.</exception>
    public ChatResponseUpdate? LastUpdate()
    {
        if (!_hasChunk)
        {
            throw new ProviderException(ProviderErrorKind.UnexpectedFormat);
        }

        // Without [DONE] the arguments may have been cut, and half of them must not run.
        List<AIContent> contents = IsDone ? [.. _toolCalls.Take()] : [];
        if (_usage is not null)
        {
            contents.Add(new UsageContent(_usage));
        }

        return contents.Count > 0 ? Update(contents, finishReason: null) : null;
    }

    private ChatResponseUpdate Update(List<AIContent> contents, ChatFinishReason? finishReason) => new(ChatRole.Assistant, contents)
    {
        ResponseId = _reader.ResponseId,
        MessageId = _reader.ResponseId,
        ModelId = _reader.Model,
        FinishReason = finishReason,
    };
}
