using Microsoft.Extensions.AI;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>What one event of a streamed answer says. A value, because there is one for each token.</summary>
internal struct Chunk
{
    /// <summary>The event was <c>[DONE]</c>.</summary>
    public bool IsDone;

    /// <summary>The event has the form of a chat-completions chunk.</summary>
    public bool IsChat;

    public string? Text;
    public string? Reasoning;
    public string? FinishReason;
    public List<ToolCallDelta>? ToolCalls;
    public UsageDetails? Usage;
    public ErrorBody? Error;
}

/// <summary>A piece of a tool call. The first piece of a call has its id and name.</summary>
internal readonly record struct ToolCallDelta(int Index, string? Id, string? Name, string? Arguments);
