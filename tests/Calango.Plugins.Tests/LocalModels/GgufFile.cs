using System.Text;

namespace Calango.Plugins.Tests.LocalModels;

// Writes the head of a GGUF file, right or wrong.
internal sealed class GgufFile
{
    private readonly List<byte[]> _pairs = [];

    public uint Magic { get; init; } = 0x46554747;

    public uint Version { get; init; } = 3;

    public ulong? Pairs { get; init; }

    public ulong Tensors { get; init; } = 1;

    public static byte[] Chat(string architecture = "llama", string? name = "Small Chat", int padding = 64)
    {
        var file = new GgufFile()
            .Text("general.architecture", architecture)
            .Number($"{architecture}.context_length", 4096)
            .Number($"{architecture}.block_count", 4)
            .Number($"{architecture}.embedding_length", 256)
            .Number($"{architecture}.attention.head_count", 8)
            .Number($"{architecture}.attention.head_count_kv", 2)
            .Texts("tokenizer.ggml.tokens", [.. Enumerable.Range(0, 400).Select(token => $"token{token}")])
            .Texts("general.languages", ["en", "pt"])
            .Text("tokenizer.chat_template", "{{ messages }}");
        return (name is null ? file : file.Text("general.name", name)).Bytes(padding);
    }

    public GgufFile Text(string key, string value) => Pair(key, 8, TextBytes(value));

    public GgufFile Number(string key, uint value) => Pair(key, 4, BitConverter.GetBytes(value));

    public GgufFile Texts(string key, IReadOnlyList<string> values) =>
        Pair(key, 9, [.. BitConverter.GetBytes(8u), .. BitConverter.GetBytes((ulong)values.Count), .. values.SelectMany(TextBytes)]);

    public GgufFile Pair(string key, uint type, byte[] value)
    {
        _pairs.Add([.. TextBytes(key), .. BitConverter.GetBytes(type), .. value]);
        return this;
    }

    // One tensor of one dimension, at the beginning of the data.
    public byte[] Bytes(int padding = 64) =>
    [
        .. BitConverter.GetBytes(Magic), .. BitConverter.GetBytes(Version),
        .. BitConverter.GetBytes(Tensors), .. BitConverter.GetBytes(Pairs ?? (ulong)_pairs.Count),
        .. _pairs.SelectMany(pair => pair),
        .. TextBytes("weight"), .. BitConverter.GetBytes(1u), .. BitConverter.GetBytes(16ul), .. BitConverter.GetBytes(0u), .. BitConverter.GetBytes(0ul),
        .. Enumerable.Range(0, padding).Select(index => (byte)(index * 31)),
    ];

    private static byte[] TextBytes(string text) => [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];
}
