using Calango.Sdk;

namespace Calango.Core.Chat;

/// <summary>
/// When a service is asked again: at most twice, only for what may pass by itself, and never after the first token. The
/// service's own Retry-After counts; without it, the wait doubles, with full jitter on its upper half so that many
/// turns don't come back at once.
/// </summary>
internal static class RetryPolicy
{
    private const int MaxAttempts = 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait before attempt <paramref name="number"/>; null: give up.</summary>
    public static TimeSpan? WaitBefore(int number, ProviderException failure)
    {
        if (number > MaxAttempts || !MayPass(failure.Kind))
        {
            return null;
        }

        if (failure.RetryAfter is { } asked)
        {
            return asked <= LongestWait ? asked : null;
        }

        var step = Math.Pow(2, number - 2);
        return TimeSpan.FromSeconds(step * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    private static bool MayPass(ProviderErrorKind kind) => kind
        is ProviderErrorKind.RateLimited or ProviderErrorKind.ServiceFailed or ProviderErrorKind.Unreachable or ProviderErrorKind.ConnectionLost;
}
