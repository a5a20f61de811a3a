namespace Calango.Plugins.LocalModels;

// What the head of a GGUF file says of the model in it.
internal sealed record GgufHeader(
    string Architecture, string? Name, string? Licence, IReadOnlyList<string> Languages, int ContextTokens, int Layers,
    long KeyValueBytesPerToken, bool HasChatTemplate)
{
    // Encoders and picture projectors are GGUF files too, but no chat models.
    private static readonly HashSet<string> NotChat =
        ["clip", "bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "modern-bert", "t5", "t5encoder", "wavtokenizer-dec", "whisper"];

    public bool IsChat => !NotChat.Contains(Architecture);

    // Null if the file is broken, cut short, or no GGUF of a known version.
    public static GgufHeader? Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 64 * 1024);
            return From(GgufReader.Read(file));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static GgufHeader From(IReadOnlyDictionary<string, object> values)
    {
        var architecture = Text("general.architecture") ?? throw new InvalidDataException("No architecture.");
        var layers = Number("block_count");
        var contextTokens = Number("context_length");
        if (layers is not (> 0 and <= 10_000) || contextTokens is not (> 0 and <= int.MaxValue))
        {
            throw new InvalidDataException("No layers or no window.");
        }

        return new GgufHeader(
            architecture, Text("general.name"), Text("general.license"),
            values.GetValueOrDefault("general.languages") as IReadOnlyList<string> ?? [],
            (int)contextTokens, (int)layers, KeyValueBytes(layers), values.ContainsKey("tokenizer.chat_template"));

        string? Text(string key) => values.GetValueOrDefault(key) as string is { Length: > 0 } text ? text : null;

        long Number(string key) => values.GetValueOrDefault($"{architecture}.{key}") is long number ? number : 0;

        // Keys and values of each layer as 16-bit floats. What the file does not say is taken as the largest it can be.
        long KeyValueBytes(long layerCount)
        {
            var embedding = Math.Clamp(Number("embedding_length"), 1, 1_000_000);
            var heads = Math.Clamp(Number("attention.head_count"), 1, 100_000);
            var keyHeads = Number("attention.head_count_kv") is > 0 and var some ? Math.Min(some, heads) : heads;
            var keyLength = Number("attention.key_length") is > 0 and <= 1_000_000 and var length ? length : embedding / heads;
            return layerCount * keyHeads * keyLength * 2 * sizeof(ushort);
        }
    }
}
