namespace Calango.Core.Plugins;

/// <summary>An answer that comes part by part: maybe a head, then a body. It can be left at any moment.</summary>
internal sealed class WireAnswer : IAsyncDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly IAsyncEnumerator<byte[]> _parts;
    private Task<bool> _next = Task.FromResult(true);
    private int _hasLeft;

    /// <param name="ask">Asks for it; its token is cancelled once it is left.</param>
    public WireAnswer(Func<CancellationToken, IAsyncEnumerable<byte[]>> ask) => _parts = ask(_left.Token).GetAsyncEnumerator(CancellationToken.None);

    /// <summary>The next part; null: that was all. A wait that is given up must be the last.</summary>
    public async ValueTask<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        _next = _parts.MoveNextAsync().AsTask();
        return await _next.WaitAsync(cancellationToken) ? _parts.Current : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _hasLeft, 1) == 1)
        {
            return;
        }

        await _left.CancelAsync();
        await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _parts.DisposeAsync();
        _left.Dispose();
    }
}
