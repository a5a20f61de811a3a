namespace Calango.Core.Chat;

/// <summary>Limits of running turns.</summary>
public sealed class TurnOptions
{
    /// <summary>How many turns run at once; the others wait.</summary>
    public int MaxConcurrent { get; init; } = 2_000;

    /// <summary>The longest answer kept, in UTF-16 units, reasoning included; past it the turn is interrupted.</summary>
    public int MaxAnswerLength { get; init; } = 4_000_000;
}
