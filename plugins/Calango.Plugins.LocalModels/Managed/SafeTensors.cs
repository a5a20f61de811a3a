using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Calango.Plugins.LocalModels;

// A file of named tensors (huggingface.co/docs/safetensors): the length of a head, the head in JSON, and the numbers.
internal sealed class SafeTensors
{
    private const int LongestHead = 16 * 1024 * 1024;

    private readonly byte[] _file;
    private readonly int _start;
    private readonly Dictionary<string, (int Begin, int End)> _places = new(StringComparer.Ordinal);

    private SafeTensors(byte[] file)
    {
        var head = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (head > LongestHead || (long)head > file.Length - sizeof(ulong))
        {
            throw new InvalidDataException("The head is too long.");
        }

        (_file, _start) = (file, sizeof(ulong) + (int)head);
        foreach (var tensor in JsonElement.Parse(file.AsSpan(sizeof(ulong), (int)head)).EnumerateObject())
        {
            if (tensor.Value.TryGetProperty("data_offsets", out var place) && tensor.Value.GetProperty("dtype").GetString() == "F16")
            {
                _places[tensor.Name] = (place[0].GetInt32(), place[1].GetInt32());
            }
        }
    }

    public static SafeTensors Read(string path) => new(File.ReadAllBytes(path));

    public float[] Floats(string name)
    {
        var halves = Halves(name);
        var floats = new float[halves.Length];
        TensorPrimitives.ConvertToSingle(halves, floats);
        return floats;
    }

    public ReadOnlySpan<Half> Halves(string name) => _places.TryGetValue(name, out var place)
        ? MemoryMarshal.Cast<byte, Half>(_file.AsSpan(_start + place.Begin, place.End - place.Begin))
        : throw new InvalidDataException($"There is no tensor '{name}' of halves.");
}
