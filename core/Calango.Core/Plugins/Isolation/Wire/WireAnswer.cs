using Calango.Core.Plugins;

namespace Calango.PluginProcess;

/// <summary>The answer to one HTTP request, part by part: its head, then its body. It can be left at any moment.</summary>
internal sealed class WireAnswer : IAsyncDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly IAsyncEnumerator<byte[]> _parts;
    private Task<bool> _next = Task.FromResult(true);
    private int _hasLeft;

    public WireAnswer(Wire wire, byte[] request) => _parts = wire.StreamAsync(WireMethod.Http, request, _left.Token).GetAsyncEnumerator(CancellationToken.None);

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
