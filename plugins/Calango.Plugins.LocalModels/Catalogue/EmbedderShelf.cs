using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// The embedders in the models folder: what was installed into it and the folders that people dropped there. An id is looked for
// among what lies there, never made into a path.
internal sealed class EmbedderShelf(PluginContext context, ModelCatalogue catalogue, ModelInstaller installer, OnnxLibrary onnx)
{
    private readonly DroppedEmbedders _dropped = new();

    // Those that can be asked now.
    public IReadOnlyList<ShelfEmbedder> Usable() =>
    [
        .. catalogue.Models.Where(model => model.Embedding is not null && installer.IsHere(model) && onnx.MissingBytes == 0).Select(FromCatalogue),
        .. onnx.Installed && onnx.Failure is null
            ? Dropped().Where(folder => folder.Refusal is null).Select(folder => folder with { WeightsSha256 = _dropped.Sha256Of(folder.ModelPath) })
            : [],
    ];

    // Without the checksum of their weights, which takes its time.
    public IReadOnlyList<ShelfEmbedder> Dropped() =>
        [.. Directory.EnumerateDirectories(context.ModelsFolder).Order(StringComparer.OrdinalIgnoreCase)
            .Where(folder => catalogue.Models.All(model => model.Id != Path.GetFileName(folder)))
            .Select(_dropped.At)
            .OfType<ShelfEmbedder>()];

    public void Remove(ShelfEmbedder folder) => Directory.Delete(Path.Combine(context.ModelsFolder, folder.Id), recursive: true);

    private ShelfEmbedder FromCatalogue(CatalogueModel model)
    {
        var (embedding, files, isManaged) = (model.Embedding!, installer.FilesOf(model), onnx.Failure is not null);
        var tokenizer = files.First(file => file.Name.EndsWith("tokenizer.json", StringComparison.Ordinal));
        return new ShelfEmbedder(
            model.Id, model.Name, PathOf(files.First(file => file != tokenizer)), PathOf(tokenizer), model.ContextTokens, embedding.Dimensions, embedding.Pooling,
            // One space, whichever variant makes the vectors: a server that moves to another machine goes on with what it has.
            model.Files.First(file => file.Name.EndsWith(".onnx", StringComparison.Ordinal)).Sha256, model.Languages, isManaged);
    }

    private string PathOf(CatalogueFile file) => FileInstaller.PathOf(context.ModelsFolder, file);
}
