namespace Calango.Core.Models;

/// <summary>How long a model may take before a turn is ended, in seconds.</summary>
/// <param name="FirstTokenSeconds">From the request to the first token.</param>
/// <param name="BetweenTokensSeconds">Between two tokens.</param>
/// <param name="WholeTurnSeconds">The whole answer.</param>
public sealed record TimeLimits(int FirstTokenSeconds = 60, int BetweenTokensSeconds = 60, int WholeTurnSeconds = 1800)
{
    /// <summary>The longest that any limit may be: a day.</summary>
    public const int MaxSeconds = 86_400;
}
