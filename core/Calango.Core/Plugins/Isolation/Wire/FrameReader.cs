using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Calango.Core.Plugins;

/// <summary>Reads frames until the stream ends.</summary>
internal static class FrameReader
{
    /// <param name="stream">Where from.</param>
    /// <param name="mostBytes">The largest content that is read.</param>
    /// <param name="take">Gets each frame, in order; must not wait for anything.</param>
    /// <exception cref="InvalidDataException">The other side doesn't keep to the form.</exception>
    public static async Task RunAsync(Stream stream, int mostBytes, Action<Frame> take)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 32 * 1024, leaveOpen: true));
        while (true)
        {
            var read = await pipe.ReadAsync().ConfigureAwait(false);
            var buffer = read.Buffer;
            while (TryTake(ref buffer, mostBytes, out var frame))
            {
                take(frame);
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                await pipe.CompleteAsync().ConfigureAwait(false);
                return;
            }
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, int mostBytes, out Frame frame)
    {
        frame = default;
        if (buffer.Length < Frame.HeadBytes)
        {
            return false;
        }

        Span<byte> head = stackalloc byte[Frame.HeadBytes];
        buffer.Slice(0, Frame.HeadBytes).CopyTo(head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head) - (Frame.HeadBytes - Frame.LengthBytes);
        if (length < 0 || length > mostBytes)
        {
            throw new InvalidDataException($"A frame of {length} bytes; at most {mostBytes} are taken.");
        }

        if (buffer.Length < Frame.HeadBytes + length)
        {
            return false;
        }

        var content = buffer.Slice(Frame.HeadBytes, length);
        frame = new Frame((FrameKind)head[Frame.LengthBytes], BinaryPrimitives.ReadInt32LittleEndian(head[(Frame.LengthBytes + 1)..]), content.ToArray());
        buffer = buffer.Slice(content.End);
        return true;
    }
}
