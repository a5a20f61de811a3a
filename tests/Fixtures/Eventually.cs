namespace Calango.Tests.Fixtures;

/// <summary>For what becomes true a moment later and announces it to nobody.</summary>
public static class Eventually
{
    /// <summary>The longest that anything in a test may take. One number, generous: a busy machine is no failure.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until the condition holds.</summary>
    /// <param name="what">The condition in words.</param>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="limit">The longest that it may take; null: <see cref="Limit"/>.</param>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public static async Task HoldsAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        using var timer = new PeriodicTimer(Pause);
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > (limit ?? Limit))
            {
                throw new TimeoutException($"Not so after {(limit ?? Limit).TotalSeconds:0} s: {what}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
