using System.Threading.Channels;

namespace Calango.Core.Plugins;

/// <summary>A call that was sent over a <see cref="Wire"/>, until its answer has ended.</summary>
internal sealed class AskedCall(int number)
{
    private readonly Channel<byte[]> _items = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource<byte[]> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _waiting;
    private long _leftAt;

    public int Number => number;

    public ChannelReader<byte[]> Items => _items.Reader;

    public Task<byte[]> Result => _result.Task;

    /// <summary>Since when nobody waits for it, as <see cref="Environment.TickCount64"/> had it; null: somebody does.</summary>
    public long? LeftAt => Interlocked.Read(ref _leftAt) is > 0 and var at ? at : null;

    public void Leave() => Interlocked.Exchange(ref _leftAt, Math.Max(1, Environment.TickCount64));

    /// <exception cref="InvalidDataException">The other side sends more than it may.</exception>
    public void Take(byte[] item)
    {
        if (LeftAt is not null)
        {
            return;
        }

        if (Interlocked.Add(ref _waiting, item.Length) > Wire.Window + Wire.MostItemBytes)
        {
            throw new InvalidDataException("More items than were asked for.");
        }

        _items.Writer.TryWrite(item);
    }

    public void Taken(int bytes) => Interlocked.Add(ref _waiting, -bytes);

    public void End(byte[] result)
    {
        _result.TrySetResult(result);
        _items.Writer.TryComplete();
    }

    public void Fail(Exception failure)
    {
        _result.TrySetException(failure);
        // Nobody may be left to look at it.
        _ = _result.Task.Exception;
        _items.Writer.TryComplete();
    }
}
