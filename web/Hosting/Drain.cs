namespace Calango.Web.Hosting;

/// <summary>The last seconds of the server: open streams may go on for a while, so that answers that are nearly done arrive whole.</summary>
internal sealed class Drain : IDisposable
{
    // Longer than running answers get to end: their readers shall still see how they ended.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(25);
    private readonly CancellationTokenSource ended = new();
    private readonly CancellationToken stopping;

    public Drain(IHostApplicationLifetime lifetime)
    {
        stopping = lifetime.ApplicationStopping;
        stopping.Register(() => ended.CancelAfter(Grace));
    }

    /// <summary>The server was asked to stop: nothing new is begun.</summary>
    public bool Begun => stopping.IsCancellationRequested;

    /// <summary>Streams must close now; browsers come back to the next server and resume.</summary>
    public CancellationToken Ended => ended.Token;

    public void Dispose() => ended.Dispose();
}
