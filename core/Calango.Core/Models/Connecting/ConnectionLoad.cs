namespace Calango.Core.Models;

/// <summary>How much of a connection may be asked at once, and with whom it shares that.</summary>
/// <param name="MaxConcurrent">How many calls at once; the others wait in a line. Null: any number.</param>
/// <param name="Pool">Connections of one pool share the calls of the models that they all have. Empty: it is in none.</param>
public sealed record ConnectionLoad(int? MaxConcurrent = null, string Pool = "")
{
    /// <summary>The most that <see cref="MaxConcurrent"/> may be.</summary>
    public const int MaxCalls = 100_000;
}
