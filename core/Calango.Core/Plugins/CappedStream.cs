using System.Buffers;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>
/// A response body that ends with <see cref="ProviderErrorKind.StreamTooLarge"/> where it passes a limit. .NET's SSE
/// parser buffers a line whole, so a line without an end would otherwise take all memory.
/// </summary>
internal sealed class CappedStream(Stream inner, HttpLimits limits) : Stream
{
    // A server may end its lines with LF, CRLF or CR alone: the SSE format allows all three.
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private long _bodyBytes;
    private int _lineBytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Count(buffer.Span[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        Count(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> read)
    {
        _bodyBytes += read.Length;
        if (_bodyBytes > limits.MaxBodyBytes)
        {
            throw new ProviderException(ProviderErrorKind.StreamTooLarge);
        }

        // Nearly every read is a few short lines: only one that could hold a too long line is walked line by line.
        while (_lineBytes + (long)read.Length > limits.MaxLineBytes)
        {
            var end = read.IndexOfAny(LineEnds);
            if (_lineBytes + (long)(end < 0 ? read.Length : end) > limits.MaxLineBytes)
            {
                throw new ProviderException(ProviderErrorKind.StreamTooLarge);
            }

            read = read[(end + 1)..];
            _lineBytes = 0;
        }

        var lastEnd = read.LastIndexOfAny(LineEnds);
        _lineBytes = lastEnd < 0 ? _lineBytes + read.Length : read.Length - lastEnd - 1;
    }
}
