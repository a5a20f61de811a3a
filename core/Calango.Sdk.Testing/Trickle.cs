namespace Calango.Sdk.Testing;

/// <summary>Bytes that come a few at a time, and may fail in the end.</summary>
internal sealed class Trickle(byte[] content, bool failsAtEnd = false, int most = 1, Action? onRead = null) : Stream
{
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        onRead?.Invoke();
        if (_at == content.Length && failsAtEnd)
        {
            throw new InvalidOperationException("The bytes have failed.");
        }

        var read = Math.Min(Math.Min(count, most), content.Length - _at);
        content.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
        _at += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
