using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// The embedders in the models folder, a folder each. An id is looked for among what lies there, never made into a path.
internal sealed class EmbedderShelf(PluginContext context, ModelCatalogue catalogue)
{
    private const string Weights = ".onnx";
    private const string Tokenizer = "tokenizer.json";

    public IReadOnlyList<ShelfEmbedder> Models() => [.. catalogue.Models.Select(FromCatalogue).OfType<ShelfEmbedder>()];

    public ShelfEmbedder? Find(string id) => Models().FirstOrDefault(model => model.Id == id);

    private ShelfEmbedder? FromCatalogue(CatalogueModel model)
    {
        if (model.Embedding is not { } embedding || !model.Files.All(file => FileInstaller.IsIn(context.ModelsFolder, file)))
        {
            return null;
        }

        var weights = model.Files.First(file => file.Name.EndsWith(Weights, StringComparison.Ordinal));
        var tokenizer = model.Files.First(file => file.Name.EndsWith(Tokenizer, StringComparison.Ordinal));
        return new ShelfEmbedder(
            model.Id, model.Name, PathOf(weights), PathOf(tokenizer), model.ContextTokens, embedding.Dimensions,
            $"sha256:{weights.Sha256}/{embedding.Pooling}/{embedding.Dimensions}", model.Languages);
    }

    private string PathOf(CatalogueFile file) => FileInstaller.PathOf(context.ModelsFolder, file);
}
