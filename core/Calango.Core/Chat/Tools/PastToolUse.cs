namespace Calango.Core.Chat;

/// <summary>A call of a tool that has been, for being told elsewhere and brought back.</summary>
/// <param name="Id">Id.</param>
/// <param name="State">How it ended.</param>
/// <param name="Name">The tool, as the model names it.</param>
/// <param name="Tool">The tool, for people.</param>
/// <param name="Server">The server that has it, for people.</param>
/// <param name="Arguments">What the model sent along, as it came.</param>
/// <param name="Result">What the model was told.</param>
/// <param name="CreatedAt">When the model wanted it.</param>
public sealed record PastToolUse(Guid Id, ToolUseState State, string Name, string Tool, string Server, string Arguments, string Result, DateTimeOffset CreatedAt)
{
    /// <inheritdoc cref="ToolUse.Round"/>
    public int Round { get; init; }

    /// <inheritdoc cref="ToolUse.Offset"/>
    public int Offset { get; init; }

    /// <inheritdoc cref="ToolUse.CallId"/>
    public string CallId { get; init; } = "";

    /// <inheritdoc cref="ToolUse.Key"/>
    public string Key { get; init; } = "";

    /// <inheritdoc cref="ToolUse.WasKept"/>
    public bool WasKept { get; init; }

    /// <inheritdoc cref="ToolUse.StartedAt"/>
    public DateTimeOffset? StartedAt { get; init; }

    /// <inheritdoc cref="ToolUse.EndedAt"/>
    public DateTimeOffset? EndedAt { get; init; }

    internal static PastToolUse Of(ToolUse use) => new(use.Id, use.State, use.Name, use.Title, use.ServerName, use.Arguments, use.Result, use.CreatedAt)
    {
        Round = use.Round,
        Offset = use.Offset,
        CallId = use.CallId,
        Key = use.Key,
        WasKept = use.WasKept,
        StartedAt = use.StartedAt,
        EndedAt = use.EndedAt,
    };
}

public sealed partial class ToolUse
{
    /// <summary>A call that has been, here or elsewhere: nothing is called for it.</summary>
    internal static ToolUse Of(PastToolUse past, Guid turnId, int position) => new()
    {
        Id = past.Id,
        TurnId = turnId,
        Position = position,
        Round = past.Round,
        Offset = past.Offset,
        CallId = past.CallId,
        Name = past.Name,
        Title = past.Tool,
        ServerName = past.Server,
        Key = past.Key,
        Arguments = past.Arguments,
        State = past.State < ToolUseState.Done ? ToolUseState.Interrupted : past.State,
        Result = past.Result,
        WasKept = past.WasKept,
        CreatedAt = past.CreatedAt,
        StartedAt = past.StartedAt,
        EndedAt = past.EndedAt,
    };
}
