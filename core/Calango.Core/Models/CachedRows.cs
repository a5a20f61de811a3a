namespace Calango.Core.Models;

/// <summary>
/// The few rows of a table, kept in memory for some seconds: another replica may have changed them. A reader sees the
/// same list object as long as nothing was read anew. Thread-safe.
/// </summary>
internal sealed class CachedRows<T>(Func<Task<IReadOnlyList<T>>> read, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private volatile Rows? _rows;
    private Task<IReadOnlyList<T>>? _reading;
    private int _changes;

    public ValueTask<IReadOnlyList<T>> ListAsync(CancellationToken cancellationToken) =>
        Fresh is { } rows ? new(rows.Items) : new(JoinAsync(cancellationToken));

    /// <summary>Makes the next reader go to the database.</summary>
    public void Drop()
    {
        lock (_lock)
        {
            // What is being read just now may be older than the change.
            (_rows, _reading) = (null, null);
            _changes++;
        }
    }

    private Rows? Fresh => _rows is { } rows && clock.GetElapsedTime(rows.ReadAt) < Lifetime ? rows : null;

    // All who come while it is read wait for the same read, and hear of its failure together: one after another, each would
    // wait for a silent database as long as all before it.
    private Task<IReadOnlyList<T>> JoinAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Somebody else may have read it a moment ago.
            if (_reading is null && Fresh is { } rows)
            {
                return Task.FromResult(rows.Items);
            }

            var changes = _changes;
            return (_reading ??= Task.Run(() => ReadAsync(changes), CancellationToken.None)).WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<T>> ReadAsync(int changes)
    {
        Rows? fresh = null;
        try
        {
            fresh = new Rows(await read(), clock.GetTimestamp());
            return fresh.Items;
        }
        finally
        {
            lock (_lock)
            {
                if (_changes == changes)
                {
                    (_rows, _reading) = (fresh ?? _rows, null);
                }
            }
        }
    }

    private sealed record Rows(IReadOnlyList<T> Items, long ReadAt);
}
