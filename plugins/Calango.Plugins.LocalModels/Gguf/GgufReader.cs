using System.Buffers.Binary;
using System.Text;

namespace Calango.Plugins.LocalModels;

// Reads the metadata of a GGUF file, versions 2 and 3: github.com/ggml-org/ggml/blob/master/docs/gguf.md. Anybody may
// have made the file, so no length in it is believed: each is held against what is left of the file, and nothing is
// allocated but texts that we keep, of bounded size.
internal sealed class GgufReader
{
    private const uint Magic = 0x46554747;
    private const ulong MaxPairs = 100_000;
    private const ulong MaxTensors = 1_000_000;
    private const uint MaxDimensions = 8;
    private const ulong MaxKeptText = 1024 * 1024;
    private const ulong MaxKeptItems = 256;
    private const uint TextType = 8;
    private const uint ArrayType = 9;

    private readonly FileStream _file;

    private GgufReader(FileStream file) => _file = file;

    // Numbers are long, texts string, lists of texts IReadOnlyList<string>; all else is left out.
    public static IReadOnlyDictionary<string, object> Read(FileStream file) => new GgufReader(file).Read();

    private Dictionary<string, object> Read()
    {
        if (UInt32() != Magic || UInt32() is not (2 or 3))
        {
            throw Broken();
        }

        var tensors = AtMost(UInt64(), MaxTensors);
        var pairs = AtMost(UInt64(), MaxPairs);
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (ulong i = 0; i < pairs; i++)
        {
            var key = Text();
            if (Value(UInt32()) is { } value)
            {
                values[key] = value;
            }
        }

        CheckTensors(tensors);
        return values;
    }

    // A file that is still being copied has its head but not its tensors.
    private void CheckTensors(ulong count)
    {
        ulong last = 0;
        for (ulong i = 0; i < count; i++)
        {
            Skip(UInt64());
            var dimensions = UInt32();
            if (dimensions > MaxDimensions)
            {
                throw Broken();
            }

            Skip((dimensions * sizeof(ulong)) + sizeof(uint));
            last = Math.Max(last, UInt64());
        }

        if (count == 0 || last >= Left)
        {
            throw Broken();
        }
    }

    private object? Value(uint type)
    {
        switch (type)
        {
            case TextType:
                return Text();
            case ArrayType:
                return Array();
            default:
                Span<byte> bytes = stackalloc byte[8];
                bytes.Clear();
                _file.ReadExactly(bytes[..SizeOf(type)]);
                var number = BinaryPrimitives.ReadInt64LittleEndian(bytes);
                // Floats have no use here; negative counts neither.
                return type is 0 or 2 or 4 or 7 or 10 or 1 or 3 or 5 or 11 && number >= 0 ? number : null;
        }
    }

    private List<string>? Array()
    {
        var type = UInt32();
        var count = UInt64();
        if (type != TextType)
        {
            // Lists of lists are in the format but in no model; their size would need a walk.
            Skip(AtMost(count, Left) * (ulong)SizeOf(type));
            return null;
        }

        // Each text takes eight bytes at least.
        AtMost(count, Left / sizeof(ulong));
        var texts = count <= MaxKeptItems ? new List<string>() : null;
        for (ulong i = 0; i < count; i++)
        {
            if (texts is null)
            {
                Skip(UInt64());
            }
            else
            {
                texts.Add(Text());
            }
        }

        return texts;
    }

    private string Text()
    {
        var length = AtMost(UInt64(), Math.Min(Left, MaxKeptText));
        var bytes = new byte[length];
        _file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private void Skip(ulong length) => _file.Seek((long)AtMost(length, Left), SeekOrigin.Current);

    private ulong Left => (ulong)(_file.Length - _file.Position);

    private uint UInt32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        _file.ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private ulong UInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        _file.ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private static int SizeOf(uint type) => type switch
    {
        0 or 1 or 7 => 1,
        2 or 3 => 2,
        4 or 5 or 6 => 4,
        10 or 11 or 12 => 8,
        _ => throw Broken(),
    };

    private static ulong AtMost(ulong value, ulong limit) => value <= limit ? value : throw Broken();

    private static InvalidDataException Broken() => new("Not a GGUF file.");
}
