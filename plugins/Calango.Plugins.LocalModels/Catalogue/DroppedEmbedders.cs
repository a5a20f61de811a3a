using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// Folders as Hugging Face has them: config.json, tokenizer.json and the weights as *.onnx, beside them or under onnx/. Thread-safe.
internal sealed class DroppedEmbedders
{
    private const int BertsWindow = 512;
    private const int Marks = 2;

    // Reading a vocabulary takes some milliseconds, and a checksum more: once for each state of a file.
    private readonly ConcurrentDictionary<(string Path, long Bytes, DateTime Written), string?> _refusals = new();
    private readonly ConcurrentDictionary<(string Path, long Bytes, DateTime Written), string> _checksums = new();

    // Null: it is something else.
    public ShelfEmbedder? At(string folder)
    {
        var tokenizer = Path.Combine(folder, "tokenizer.json");
        if (!File.Exists(tokenizer) || WeightsIn(folder) is not { } weights)
        {
            return null;
        }

        var config = Read(folder, "config.json");
        var window = new[] { Number(Read(folder, "sentence_bert_config.json"), "max_seq_length"), Number(config, "max_position_embeddings") }.Min() ?? BertsWindow;
        var dimensions = Number(config, "hidden_size") ?? 0;
        var pooling = Read(folder, "1_Pooling/config.json") is { ValueKind: JsonValueKind.Object } kind && kind.TryGetProperty("pooling_mode_cls_token", out var first) && first.ValueKind == JsonValueKind.True
            ? "cls"
            : ShelfEmbedder.MeanPooling;
        var name = Path.GetFileName(folder);
        return new ShelfEmbedder(
            name, name, weights, tokenizer, window - Marks, dimensions, pooling, "", [],
            Refusal: dimensions > 0 && window > Marks ? RefusalOf(tokenizer) : "Its config.json does not say how long its vectors are.");
    }

    public string Sha256Of(string path) => _checksums.GetOrAdd(StateOf(path), static state =>
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The weights of a large model lie beside its network: model.onnx_data.
        foreach (var part in Directory.EnumerateFiles(Path.GetDirectoryName(state.Path)!, Path.GetFileName(state.Path) + "*").Order(StringComparer.Ordinal))
        {
            using var file = File.OpenRead(part);
            var buffer = new byte[128 * 1024];
            for (int count; (count = file.Read(buffer)) > 0;)
            {
                all.AppendData(buffer, 0, count);
            }
        }

        return Convert.ToHexStringLower(all.GetCurrentHash());
    });

    // The whole model before a smaller one of it.
    private static string? WeightsIn(string folder) =>
        new[] { folder, Path.Combine(folder, "onnx") }.Where(Directory.Exists)
            .SelectMany(place => Directory.EnumerateFiles(place, "*.onnx"))
            .OrderBy(path => Path.GetFileName(path).Length).ThenBy(path => path, StringComparer.Ordinal)
            .FirstOrDefault();

    private string? RefusalOf(string tokenizer) => _refusals.GetOrAdd(StateOf(tokenizer), static state =>
    {
        try
        {
            WordPieceTokenizer.Load(state.Path);
            return null;
        }
        catch (ProviderException exception)
        {
            return exception.ServiceMessage;
        }
    });

    private static (string Path, long Bytes, DateTime Written) StateOf(string path) => new FileInfo(path) is var file ? (path, file.Length, file.LastWriteTimeUtc) : default;

    private static int? Number(JsonElement config, string name) =>
        config.ValueKind == JsonValueKind.Object && config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static JsonElement Read(string folder, string name)
    {
        try
        {
            return JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, name)));
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
