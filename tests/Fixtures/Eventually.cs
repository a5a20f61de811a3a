namespace Calango.Tests.Fixtures;

/// <summary>For what becomes true a moment later and announces it to nobody.</summary>
public static class Eventually
{
    /// <summary>The longest that anything in a test may take. One number, generous: a busy machine is no failure.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within <see cref="Limit"/>.</exception>
    public static async Task HoldsAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause);
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Limit)
            {
                throw new TimeoutException($"Not so after {Limit.TotalSeconds:0} s: {what}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
