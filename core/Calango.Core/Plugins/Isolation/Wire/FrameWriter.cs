using System.Buffers;
using System.Buffers.Binary;
using System.Threading.Channels;

namespace Calango.Core.Plugins;

/// <summary>Writes frames in the order in which they were handed over, those that wait together in one go. Thread-safe.</summary>
internal sealed class FrameWriter(Stream stream)
{
    private const int AtOnce = 64 * 1024;

    private readonly Channel<byte[]> _frames = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(256) { SingleReader = true });

    /// <summary>Hands a frame over; waits while too many do. After the end it goes nowhere.</summary>
    public ValueTask WriteAsync(FrameKind kind, int call, ReadOnlySpan<byte> content, CancellationToken cancellationToken = default)
    {
        var frame = Form(kind, call, content);
        return _frames.Writer.TryWrite(frame) ? ValueTask.CompletedTask : WaitAsync(frame, cancellationToken);
    }

    /// <summary>Hands a frame over and doesn't wait for it.</summary>
    public void Write(FrameKind kind, int call, ReadOnlySpan<byte> content = default)
    {
        var writing = WriteAsync(kind, call, content);
        if (!writing.IsCompletedSuccessfully)
        {
            _ = writing.AsTask();
        }
    }

    /// <summary>Writes until <see cref="End"/>, or until the stream takes nothing any more.</summary>
    public async Task RunAsync()
    {
        var together = new ArrayBufferWriter<byte>(AtOnce);
        while (await _frames.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (together.WrittenCount < AtOnce && _frames.Reader.TryRead(out var frame))
            {
                together.Write(frame);
            }

            await stream.WriteAsync(together.WrittenMemory).ConfigureAwait(false);
            together.ResetWrittenCount();
        }
    }

    /// <summary>Takes no more frames.</summary>
    public void End() => _frames.Writer.TryComplete();

    private async ValueTask WaitAsync(byte[] frame, CancellationToken cancellationToken)
    {
        try
        {
            await _frames.Writer.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // Whoever waits for an answer learns of the end from the reading side.
        }
    }

    private static byte[] Form(FrameKind kind, int call, ReadOnlySpan<byte> content)
    {
        var frame = new byte[Frame.HeadBytes + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - Frame.LengthBytes);
        frame[Frame.LengthBytes] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(Frame.LengthBytes + 1), call);
        content.CopyTo(frame.AsSpan(Frame.HeadBytes));
        return frame;
    }
}
