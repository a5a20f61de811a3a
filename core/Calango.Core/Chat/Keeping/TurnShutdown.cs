using Microsoft.Extensions.Hosting;

namespace Calango.Core.Chat;

/// <summary>
/// When the server is asked to end, running turns get some time to end by themselves; then they are stored as far as they
/// came. The web server goes on meanwhile: whoever comes is told to come back, instead of finding nobody. What the host
/// then leaves must suffice to store them all.
/// </summary>
internal sealed class TurnShutdown(TurnsRunning running, IHostApplicationLifetime lifetime, TimeProvider clock) : IHostedLifecycleService
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private long _askedAt;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Whoever stops the host without asking the application first: nothing new begins from here on.
        lifetime.StopApplication();
        return EndAllAsync(cancellationToken);
    }

    // The last requests may have begun one more, which the web server has waited for.
    public Task StopAsync(CancellationToken cancellationToken) => EndAllAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => _askedAt = clock.GetTimestamp());
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EndAllAsync(CancellationToken cancellationToken)
    {
        var left = Grace - clock.GetElapsedTime(_askedAt);
        if (left > TimeSpan.Zero)
        {
            await Task.WhenAny(AllEndedAsync(), Task.Delay(left, clock, cancellationToken));
        }

        foreach (var run in running.All)
        {
            run.RequestStopOfServer();
        }

        await AllEndedAsync().WaitAsync(cancellationToken);
    }

    private Task AllEndedAsync() => Task.WhenAll(running.All.Select(run => run.Ended));
}
