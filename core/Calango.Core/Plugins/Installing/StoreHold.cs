using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>
/// The store's lock in the hands of one operation, which gives it back while it waits for what others began: that may
/// take hours. Whoever does something with the same plugin meanwhile overtakes it.
/// </summary>
internal sealed class StoreHold(PluginStore store, IDisposable held) : IDisposable
{
    private readonly CancellationTokenSource _overtaken = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDisposable? _held = held;

    /// <summary>The operation that waits, and has to be over before this one begins; null: none.</summary>
    public StoreHold? Before { get; init; }

    /// <summary>Gives the lock back, waits, and takes it again.</summary>
    /// <exception cref="RejectedException"><c>plugin.overtaken</c>.</exception>
    public async Task WaitWithoutAsync(Func<CancellationToken, Task> wait)
    {
        Interlocked.Exchange(ref _held, null)?.Dispose();
        try
        {
            await wait(_overtaken.Token);
            _held = await store.WaitForLockAsync(_overtaken.Token);
        }
        catch (OperationCanceledException)
        {
            throw new RejectedException("plugin.overtaken");
        }
    }

    /// <summary>Ends the wait of <see cref="Before"/>, and returns when that is over.</summary>
    public async Task OvertakeAsync()
    {
        if (Before is { } before)
        {
            await before._overtaken.CancelAsync();
            await before._ended.Task;
        }
    }

    /// <summary>The operation is over, or decided and needs the lock no more.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _held, null)?.Dispose();
        _ended.TrySetResult();
    }
}
