namespace Calango.Core.Models;

/// <summary>
/// The few rows of a table, kept in memory for some seconds: another replica may have changed them. A reader sees the
/// same list object as long as nothing was read anew. Thread-safe.
/// </summary>
internal sealed class CachedRows<T>(Func<CancellationToken, Task<IReadOnlyList<T>>> read, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Rows? _rows;

    public ValueTask<IReadOnlyList<T>> ListAsync(CancellationToken cancellationToken) =>
        _rows is { } rows && clock.GetElapsedTime(rows.ReadAt) < Lifetime ? new(rows.Items) : new(ReadAsync(cancellationToken));

    /// <summary>Makes the next reader go to the database.</summary>
    public void Drop() => _rows = null;

    public void Dispose() => _reading.Dispose();

    private async Task<IReadOnlyList<T>> ReadAsync(CancellationToken cancellationToken)
    {
        var before = _rows;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            // Somebody else may have read while this one waited.
            if (_rows is { } rows && !ReferenceEquals(rows, before))
            {
                return rows.Items;
            }

            var fresh = new Rows(await read(cancellationToken), clock.GetTimestamp());
            // A change meanwhile has dropped the rows: what was read may be older than it.
            Interlocked.CompareExchange(ref _rows, fresh, before);
            return fresh.Items;
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Rows(IReadOnlyList<T> Items, long ReadAt);
}
