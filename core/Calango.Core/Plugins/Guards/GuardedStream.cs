namespace Calango.Core.Plugins;

/// <summary>A plugin's stream behind the guard, to be read from its beginning to its end.</summary>
internal sealed class GuardedStream(PluginCalls calls, Stream inner) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await PluginGuard.RunAsync(calls, async token => await inner.ReadAsync(buffer, token), cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => PluginGuard.Run(calls, () => inner.Read(buffer, offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // Whoever closes it has what they wanted: what goes wrong now is only counted.
    public override async ValueTask DisposeAsync() =>
        await ((Task)PluginGuard.RunAsync(calls, async _ => { await inner.DisposeAsync(); return true; }, CancellationToken.None))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
