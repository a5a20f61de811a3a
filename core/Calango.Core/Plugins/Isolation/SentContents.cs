using System.Collections.Concurrent;

namespace Calango.Core.Plugins;

/// <summary>Bytes that a plugin's process is to get as fast as it takes them, each for as long as the call goes on that they belong to. Thread-safe.</summary>
internal sealed class SentContents
{
    /// <summary>How many bytes go over the wire in one item.</summary>
    public const int ChunkBytes = 64 * 1024;

    private readonly ConcurrentDictionary<Guid, SentContent> _open = new();

    /// <summary>Lets the process ask for a stream, until what this returns is disposed: nothing reads from the stream after that.</summary>
    /// <param name="stream">Read once from where it stands to its end; not disposed.</param>
    /// <param name="cancellationToken">Whoever asks for it after that does not come to its end.</param>
    public SentContent Open(Stream stream, CancellationToken cancellationToken)
    {
        var content = new SentContent(stream, cancellationToken, ended => _open.TryRemove(ended.Id, out _));
        _open[content.Id] = content;
        return content;
    }

    /// <summary>Sends what was asked for.</summary>
    /// <exception cref="InvalidDataException">There is nothing of this name, or somebody has asked for it already.</exception>
    public Task SendAsync(Guid id, ServedCall call) =>
        _open.TryRemove(id, out var content) ? content.SendAsync(call) : throw new InvalidDataException("No such content.");
}

/// <summary>One of them.</summary>
internal sealed class SentContent(Stream stream, CancellationToken cancellationToken, Action<SentContent> ended) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _lock = new();
    private Task _sending = Task.CompletedTask;

    /// <summary>Names it where it is asked for.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    public Task SendAsync(ServedCall call)
    {
        lock (_lock)
        {
            _closed.Token.ThrowIfCancellationRequested();
            return _sending = SendOnceAsync(call);
        }
    }

    public async ValueTask DisposeAsync()
    {
        ended(this);
        lock (_lock)
        {
            _closed.Cancel();
        }

        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closed.Dispose();
    }

    private async Task SendOnceAsync(ServedCall call)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, call.Cancelled, cancellationToken);
        var chunk = new byte[SentContents.ChunkBytes];
        while (await stream.ReadAsync(chunk, either.Token) is > 0 and var count)
        {
            await call.YieldAsync(chunk.AsMemory(0, count)).AsTask().WaitAsync(either.Token);
        }

        // Without its end nobody can take it for whole.
        either.Token.ThrowIfCancellationRequested();
    }
}
