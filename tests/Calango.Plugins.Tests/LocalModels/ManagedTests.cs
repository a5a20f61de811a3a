using System.Numerics.Tensors;
using System.Security.Cryptography;
using Calango.Plugins.LocalModels;
using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

// Where ONNX Runtime does not run, the same model runs without it.
[Collection(MiniLm.Id)]
public sealed class ManagedTests(MiniLm model)
{
    private static readonly string[] Texts =
    [
        "How do I reset my password?",
        "The train to Recife was cancelled due to heavy rain.",
        "Employees may work from home twice a week, if their manager agrees.",
        "Water boils at 100 degrees Celsius at sea level; higher up it boils sooner.",
        "The contract can be ended by either side with thirty days' notice.",
        string.Join(' ', Enumerable.Repeat("Vectors of long passages are alike, too.", 24)),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_native_library_the_vectors_are_of_the_same_space_and_the_reason_is_told()
    {
        var native = await model.EmbedAsync(Texts);
        await using var host = new LocalModelsHost(WithoutOnnx(), folder: TinyLlama.Folder);
        await host.InstallAsync(MiniLm.Id, Cancel);

        var managed = await MiniLm.EmbedAsync(host.Embeddings, MiniLm.Id, Texts);

        Assert.All(native.Zip(managed), pair => Assert.InRange(TensorPrimitives.CosineSimilarity<float>(pair.First, pair.Second), 0.98, 1));
        Assert.InRange(native.Zip(managed).Average(pair => TensorPrimitives.CosineSimilarity<float>(pair.First, pair.Second)), 0.99, 1);
        Assert.Equal(FingerprintOf(await model.Embeddings.ListEmbeddingModelsAsync(MiniLm.NoSettings, Cancel)), FingerprintOf(await host.Embeddings.ListEmbeddingModelsAsync(MiniLm.NoSettings, Cancel)));
        var shown = await host.ModelAsync(MiniLm.Id);
        Assert.Equal(LocalModelState.Installed, shown.State);
        Assert.StartsWith("No ONNX Runtime build for", shown.FallbackReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_managed_vector_is_the_same_each_time_and_of_length_one()
    {
        await using var host = new LocalModelsHost(WithoutOnnx(), folder: TinyLlama.Folder);
        await host.InstallAsync(MiniLm.Id, Cancel);

        var twice = await MiniLm.EmbedAsync(host.Embeddings, MiniLm.Id, Texts[0], Texts[^1], Texts[0]);

        Assert.Equal(twice[0], twice[2]);
        Assert.Equal(1, TensorPrimitives.Norm<float>(twice[1]), 1e-5);
    }

    [Fact]
    public async Task A_native_library_that_does_not_load_is_told_and_the_other_variant_comes()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var catalogue = new ModelCatalogue(
            [
                new CatalogueModel(
                    "tiny", "Tiny", LocalModelPurpose.Embedding, "local-models.minilm.description", "MIT", ["en"], 240, 1,
                    new CatalogueEmbedding(384, "mean", [File("tiny/managed/model.safetensors"), File("tiny/managed/tokenizer.json")]),
                    [File("tiny/model.onnx"), File("tiny/tokenizer.json")]),
            ],
            [],
            [new CatalogueOnnxRuntime("broken", OperatingSystem.IsMacOS() ? "macos" : OperatingSystem.IsWindows() ? "windows" : "linux", System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString(), File("libonnxruntime.so"))]);
        await using var host = new LocalModelsHost(catalogue, registry.Address);
        Assert.Null((await host.ModelAsync("tiny")).FallbackReason);

        await host.InstallAsync("tiny", Cancel);

        var shown = await host.ModelAsync("tiny");
        Assert.Equal(LocalModelState.Installed, shown.State);
        Assert.StartsWith("ONNX Runtime does not load:", shown.FallbackReason, StringComparison.Ordinal);
        Assert.Equal(["managed"], Directory.GetFileSystemEntries(Path.Combine(host.Models, "tiny")).Select(Path.GetFileName));

        CatalogueFile File(string name)
        {
            var content = System.Text.Encoding.UTF8.GetBytes($"not {name}");
            registry.Files["/" + name] = content;
            var checksum = Convert.ToHexStringLower(SHA256.HashData(content));
            return new CatalogueFile(name, content.Length, checksum, [[new CatalogueDownload(null, new Uri(registry.Address, "/" + name), content.Length, checksum, null)]]);
        }
    }

    private static ModelCatalogue WithoutOnnx() => ModelCatalogue.Load(LocalModelsHost.PluginFolder) with { OnnxRuntimes = [] };

    private static string FingerprintOf(IEnumerable<EmbeddingModelInfo> models) => models.Single(model => model.Id == MiniLm.Id).Fingerprint;
}
