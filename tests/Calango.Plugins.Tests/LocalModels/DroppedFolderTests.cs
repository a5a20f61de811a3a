using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

// A folder with tokenizer.json and *.onnx in the models folder is an embedder.
[Collection(MiniLm.Id)]
public sealed class DroppedFolderTests(MiniLm model)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_offered_and_makes_vectors()
    {
        await using var host = model.HostWithRuntime();
        var folder = Drop(host, "mine");

        var shown = await host.ModelAsync("mine");
        var listed = Assert.Single(await host.Embeddings.ListEmbeddingModelsAsync(MiniLm.NoSettings, Cancel));

        Assert.Equal((LocalModelPurpose.Embedding, LocalModelState.Installed, 0L, null), (shown.Purpose, shown.State, shown.DownloadBytes, shown.FallbackReason));
        Assert.Equal(("mine", 510, 384, true), (listed.Id, listed.WindowTokens, listed.Dimensions, listed.OnPremises));
        // The same weights in another folder make the same vectors, and are known by it.
        Assert.Equal(Assert.Single(await model.Embeddings.ListEmbeddingModelsAsync(MiniLm.NoSettings, Cancel)).Fingerprint, listed.Fingerprint);
        Assert.Equal(await model.EmbedAsync("A text."), await MiniLm.EmbedAsync(host.Embeddings, "mine", "A text."));

        await host.Local.RemoveAsync("mine", Cancel);
        Assert.False(Directory.Exists(folder));
        Assert.Empty(await host.Embeddings.ListEmbeddingModelsAsync(MiniLm.NoSettings, Cancel));
    }

    [Fact]
    public async Task One_that_takes_the_first_token_for_the_text_is_another_space()
    {
        await using var host = model.HostWithRuntime();
        Directory.CreateDirectory(Path.Combine(Drop(host, "first"), "1_Pooling"));
        await File.WriteAllTextAsync(Path.Combine(host.Models, "first", "1_Pooling", "config.json"), """{"pooling_mode_cls_token":true}""", Cancel);

        Assert.EndsWith("/cls/384", Assert.Single(await host.Embeddings.ListEmbeddingModelsAsync(MiniLm.NoSettings, Cancel)).Fingerprint, StringComparison.Ordinal);
        Assert.NotEqual(await model.EmbedAsync("A text."), await MiniLm.EmbedAsync(host.Embeddings, "first", "A text."));
    }

    [Theory]
    [InlineData("tokenizer.json", """{"model":{"type":"Unigram","vocab":[]}}""", "Its tokenizer is of the kind Unigram; only WordPiece is known here.")]
    [InlineData("config.json", "{", "Its config.json does not say how long its vectors are.")]
    public async Task One_that_cannot_be_used_is_shown_with_the_reason_and_not_offered(string file, string content, string reason)
    {
        await using var host = model.HostWithRuntime();
        await File.WriteAllTextAsync(Path.Combine(Drop(host, "other"), file), content, Cancel);

        var shown = await host.ModelAsync("other");

        Assert.Equal((LocalModelState.Available, reason), (shown.State, shown.FallbackReason));
        Assert.Empty(await host.Embeddings.ListEmbeddingModelsAsync(MiniLm.NoSettings, Cancel));
    }

    [Fact]
    public async Task Damaged_weights_fail_with_a_reason()
    {
        await using var host = model.HostWithRuntime();
        await File.WriteAllTextAsync(Path.Combine(Drop(host, "damaged"), "onnx", "model.onnx"), "no network", Cancel);

        var failure = await Assert.ThrowsAsync<ProviderException>(() => MiniLm.EmbedAsync(host.Embeddings, "damaged", "A text."));

        Assert.Equal(ProviderErrorKind.LocalModelUnavailable, failure.Kind);
    }

    private static string Drop(LocalModelsHost host, string name)
    {
        var folder = Path.Combine(host.Models, name);
        Directory.CreateDirectory(Path.Combine(folder, "onnx"));
        File.Copy(MiniLm.PathOf("model.onnx"), Path.Combine(folder, "onnx", "model.onnx"));
        File.Copy(MiniLm.PathOf("tokenizer.json"), Path.Combine(folder, "tokenizer.json"));
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"hidden_size":384,"max_position_embeddings":512}""");
        return folder;
    }
}
