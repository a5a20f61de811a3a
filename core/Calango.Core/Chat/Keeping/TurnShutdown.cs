using Microsoft.Extensions.Hosting;

namespace Calango.Core.Chat;

/// <summary>When the server is asked to end, running turns get some time to end by themselves; then they are stored as far as they came.</summary>
internal sealed class TurnShutdown(TurnsRunning running, TimeProvider clock) : IHostedService
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var runs = running.All.ToList();
        var ended = Task.WhenAll(runs.Select(run => run.Ended));
        await Task.WhenAny(ended, Task.Delay(Grace, clock, cancellationToken));
        runs.ForEach(run => run.RequestStopOfServer());
        await ended.WaitAsync(cancellationToken);
    }
}
