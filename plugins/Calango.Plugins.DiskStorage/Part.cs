using Calango.Sdk;

namespace Calango.Plugins.DiskStorage;

/// <summary>Some bytes of a file, from where it stands.</summary>
internal sealed class Part(FileStream file, long length) : Stream
{
    private long _left = length;

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
        await Failures.TranslateAsync(async () => Count(await file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken).ConfigureAwait(false), buffer.Length)).ConfigureAwait(false);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return Count(file.Read(buffer, offset, (int)Math.Min(count, _left)), count);
        }
        catch (Exception exception) when (Failures.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => file.DisposeAsync();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    // Somebody cut the file while it was read.
    private int Count(int read, int wanted)
    {
        _left -= read;
        return read == 0 && wanted > 0 && _left > 0 ? throw new BlobException(BlobErrorKind.Damaged) : read;
    }
}
