namespace Calango.Core.Chat;

/// <summary>Limits of running turns.</summary>
public sealed class TurnOptions
{
    /// <summary>How many turns run at once; the others wait.</summary>
    public int MaxConcurrent { get; init; } = 2_000;

    /// <summary>The longest answer kept, in UTF-16 units, reasoning included; past it the turn is interrupted.</summary>
    public int MaxAnswerLength { get; init; } = 4_000_000;

    /// <summary>How often a model may call tools in one answer and go on from their results.</summary>
    public int MaxToolRounds { get; init; } = 20;

    /// <summary>How long a tool may take.</summary>
    public TimeSpan ToolLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a call waits for a person's word.</summary>
    public TimeSpan ApprovalLimit { get; init; } = TimeSpan.FromMinutes(15);
}
