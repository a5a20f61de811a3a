using System.Text.Json;

namespace Calango.Tests.Support.Upstream;

/// <summary>One request as the scripted upstream received it.</summary>
/// <param name="Path">The path, e.g. <c>/v1/chat/completions</c>.</param>
/// <param name="Query">The query with its question mark, or empty.</param>
/// <param name="Headers">The headers by name, compared without case.</param>
/// <param name="Body">The JSON body; undefined where there was none.</param>
public sealed record UpstreamRequest(string Path, string Query, IReadOnlyDictionary<string, string> Headers, JsonElement Body)
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it arrived, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Arrived { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>Ends when the reply waits at its hold, hang or stall.</summary>
    public Task Held => _held.Task;

    /// <summary>Ends when the client closes its socket before the reply is whole.</summary>
    public Task Disconnected => _disconnected.Task;

    /// <summary>Ends when the server is through with the request, however it went.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The model asked for.</summary>
    public string Model => Body.GetProperty("model").GetString() ?? "";

    /// <summary>The messages as sent: role and text.</summary>
    public IReadOnlyList<(string Role, string Text)> Messages =>
        [.. from message in Body.GetProperty("messages").EnumerateArray()
            select (message.GetProperty("role").GetString() ?? "", TextOf(message))];

    /// <summary>The text of the last user message.</summary>
    public string LastUserText => Messages.LastOrDefault(message => message.Role == "user").Text ?? "";

    /// <summary>It speaks Anthropic's protocol.</summary>
    internal bool IsMessages => Path.EndsWith("/messages", StringComparison.Ordinal);

    /// <summary>The last message is a tool's answer: one of its own in OpenAI's form, a block of the user's in Anthropic's.</summary>
    internal bool EndsWithToolAnswer => Messages[^1].Role == "tool" || LastBlocks().Any(block => block.GetProperty("type").ValueEquals("tool_result"u8));

    /// <summary>What the tool answered that the last message is of; null: it is none's.</summary>
    public string? LastToolAnswer => Messages[^1].Role == "tool" ? Messages[^1].Text
        : LastBlocks().LastOrDefault(block => block.GetProperty("type").ValueEquals("tool_result"u8)) is { ValueKind: JsonValueKind.Object } result ? TextOf(result)
        : null;

    internal void MarkHeld() => _held.TrySetResult();

    internal void MarkDisconnected() => _disconnected.TrySetResult();

    internal void MarkEnded() => _ended.TrySetResult();

    private IEnumerable<JsonElement> LastBlocks() =>
        Body.GetProperty("messages").EnumerateArray().Last().TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
            ? content.EnumerateArray()
            : [];

    private static string TextOf(JsonElement message) =>
        !message.TryGetProperty("content", out var content) ? ""
        : content.ValueKind == JsonValueKind.String ? content.GetString() ?? ""
        : content.ValueKind == JsonValueKind.Array ? string.Concat(content.EnumerateArray().Select(PartText))
        : "";

    private static string PartText(JsonElement part) =>
        part.TryGetProperty("text", out var text) ? text.GetString() ?? "" : "";
}
