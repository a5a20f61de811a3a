namespace Calango.Core.Plugins;

/// <summary>A call that came over a <see cref="Wire"/>, while it is answered.</summary>
internal sealed class ServedCall(FrameWriter writer, int number, byte[] content) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cancelled = new();
    private TaskCompletionSource? _more;
    private long _credit = Wire.Window;
    private bool _isDisposed;

    public WireMethod Method => (WireMethod)content[0];

    public ReadOnlyMemory<byte> Arguments => content.AsMemory(1);

    public int Size => content.Length;

    /// <summary>Cancelled once nobody waits for the answer.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Sends a part of the answer; waits while the other side has not taken what it got.</summary>
    /// <exception cref="InvalidDataException">It is larger than an item may be.</exception>
    public async ValueTask YieldAsync(ReadOnlyMemory<byte> item)
    {
        if (item.Length > Wire.MostItemBytes)
        {
            throw new InvalidDataException($"An item of {item.Length} bytes.");
        }

        while (WaitsFor(item.Length) is { } more)
        {
            await more.WaitAsync(Cancelled).ConfigureAwait(false);
        }

        await writer.WriteAsync(FrameKind.Item, number, item.Span, Cancelled).ConfigureAwait(false);
    }

    public void Cancel()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                // Elsewhere: whoever heeds it may run a stranger's code.
                _ = _cancelled.CancelAsync();
            }
        }
    }

    public void AddCredit(int bytes)
    {
        lock (_lock)
        {
            _credit += bytes;
            _more?.TrySetResult();
            _more = null;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _cancelled.Dispose();
        }
    }

    // Null: it may go; its bytes are counted.
    private Task? WaitsFor(int bytes)
    {
        lock (_lock)
        {
            if (_credit <= 0)
            {
                return (_more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            _credit -= bytes;
            return null;
        }
    }
}
