using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Calango.Core.Knowledge;

/// <summary>
/// Vectors of one length, one after another in a file that is gone with the process: the system keeps of it in memory what there is
/// room for. One writer at a time; readers at any time, of what is written. Disposed when nobody reads.
/// </summary>
internal sealed class VectorFile : IDisposable
{
    // As much as is read at once, where vectors lie side by side.
    private const int RowsAtOnce = 64;

    private readonly SafeFileHandle _file;
    private readonly int _dimensions;

    public VectorFile(string folder, int dimensions)
    {
        Directory.CreateDirectory(folder);
        _dimensions = dimensions;
        _file = File.OpenHandle(Path.Combine(folder, $"{Guid.CreateVersion7():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.DeleteOnClose);
    }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    private int RowBytes => _dimensions * sizeof(float);

    /// <summary>Adds some at the end.</summary>
    public void Append(ReadOnlySpan<byte> vectors)
    {
        RandomAccess.Write(_file, vectors, (long)Count * RowBytes);
        Count += vectors.Length / RowBytes;
    }

    /// <summary>The cosine of a vector with some of them.</summary>
    /// <param name="vector">Its length is 1.</param>
    /// <param name="rows">Which, in ascending order.</param>
    /// <param name="cosines">Where they go, in the same order.</param>
    public void Compare(ReadOnlySpan<float> vector, ReadOnlySpan<int> rows, Span<float> cosines)
    {
        var buffer = new float[RowsAtOnce * _dimensions];
        for (var done = 0; done < rows.Length;)
        {
            var run = 1;
            while (run < RowsAtOnce && done + run < rows.Length && rows[done + run] == rows[done] + run)
            {
                run++;
            }

            Read(rows[done], MemoryMarshal.AsBytes(buffer.AsSpan(0, run * _dimensions)));
            for (var i = 0; i < run; i++)
            {
                cosines[done + i] = TensorPrimitives.Dot(vector, buffer.AsSpan(i * _dimensions, _dimensions));
            }

            done += run;
        }
    }

    /// <summary>Adds some of them to the end of another file.</summary>
    public void CopyTo(VectorFile other, int row, int count)
    {
        var buffer = new byte[RowsAtOnce * RowBytes];
        for (var (done, some) = (0, 0); done < count; done += some)
        {
            some = Math.Min(RowsAtOnce, count - done);
            Read(row + done, buffer.AsSpan(0, some * RowBytes));
            other.Append(buffer.AsSpan(0, some * RowBytes));
        }
    }

    public void Dispose() => _file.Dispose();

    private void Read(int row, Span<byte> bytes)
    {
        for (var offset = (long)row * RowBytes; bytes.Length > 0;)
        {
            var read = RandomAccess.Read(_file, bytes, offset);
            if (read == 0)
            {
                throw new EndOfStreamException();
            }

            bytes = bytes[read..];
            offset += read;
        }
    }
}
