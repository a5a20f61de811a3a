namespace Calango.Plugins.LocalModels.Worker;

// Standard input is a pipe that the parent never writes to. Its end means that the parent is gone, however it went.
internal sealed class ParentProcess : IDisposable
{
    // Long enough for a graceful end; a native call that does not return (loading weights) must not keep us alive.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _gone = new();

    public ParentProcess() => _ = WatchAsync();

    public CancellationToken Gone => _gone.Token;

    public void Dispose() => _gone.Dispose();

    private async Task WatchAsync()
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        while (await input.ReadAsync(buffer, CancellationToken.None) > 0)
        {
        }

        await _gone.CancelAsync();
        await Task.Delay(Grace, CancellationToken.None);
        Environment.Exit(0);
    }
}
