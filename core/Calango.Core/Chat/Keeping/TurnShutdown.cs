using Microsoft.Extensions.Hosting;

namespace Calango.Core.Chat;

/// <summary>
/// When the server is asked to end, running turns get some time to end by themselves; then they are stored as far as they
/// came. The time counts from the request itself: the web server, which stops first, waits for its readers meanwhile, and
/// what the host then leaves must suffice to store them all.
/// </summary>
internal sealed class TurnShutdown(TurnsRunning running, IHostApplicationLifetime lifetime, TimeProvider clock) : IHostedService
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private long _askedAt;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => _askedAt = clock.GetTimestamp());
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var runs = running.All.ToList();
        var ended = Task.WhenAll(runs.Select(run => run.Ended));
        var left = Grace - clock.GetElapsedTime(_askedAt);
        if (left > TimeSpan.Zero)
        {
            await Task.WhenAny(ended, Task.Delay(left, clock, cancellationToken));
        }

        runs.ForEach(run => run.RequestStopOfServer());
        await ended.WaitAsync(cancellationToken);
    }
}
