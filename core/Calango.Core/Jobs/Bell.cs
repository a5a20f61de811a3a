namespace Calango.Core.Jobs;

/// <summary>Says within this process that there is something to do. Thread-safe.</summary>
public abstract class Bell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0);

    /// <inheritdoc/>
    public void Dispose()
    {
        _rung.Dispose();
        GC.SuppressFinalize(this);
    }

    internal void Ring() => _rung.Release();

    internal async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _rung.WaitAsync(cancellationToken);
        while (_rung.Wait(0, CancellationToken.None))
        {
            // Whoever rang meanwhile is served by the same walk.
        }
    }
}
