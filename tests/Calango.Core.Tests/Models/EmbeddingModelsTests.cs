using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Calango.Tests.Support.Upstream;

namespace Calango.Core.Tests.Models;

public sealed class EmbeddingModelsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Each_connection_offers_the_embedders_it_knows_and_a_broken_one_hides_none()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Models = ["fake", "text-embedding-3-small", "acme-embed"];
        await using var kernel = await TestKernel.StartAsync();
        await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(new Uri("http://127.0.0.1:1/v1"), name: "Broken"), None);
        await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address, name: "Works"), None);

        var models = await kernel.Get<EmbeddingModels>().ListAsync(None);

        Assert.Equal(
            [("text-embedding-3-small", "Works", 6141, 1536, "text-embedding-3-small/1536"), ("acme-embed", "Works", 384, 0, "acme-embed/0")],
            models.Select(model => (model.Ref.ModelId, model.ConnectionName, model.Info.WindowTokens, model.Info.Dimensions, model.Info.Fingerprint)));
        Assert.All(models, model => Assert.False(model.OnPremises));
    }

    [Fact]
    public async Task The_length_of_vectors_is_learnt_by_asking_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var kernel = await TestKernel.StartAsync();
        var connection = await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address), None);
        var models = kernel.Get<EmbeddingModels>();

        Assert.Null(await models.FindAsync(new ModelRef(Guid.CreateVersion7(), "said-to-be"), None));
        var first = await models.FindAsync(new ModelRef(connection.Id, "said-to-be"), None);
        var again = await models.FindAsync(new ModelRef(connection.Id, "said-to-be"), None);

        Assert.Equal((4, "said-to-be/4"), (first?.Info.Dimensions, first?.Info.Fingerprint));
        Assert.Equal(first?.Info.Dimensions, again?.Info.Dimensions);
        Assert.Single(upstream.AllRequests, request => request.Path.EndsWith("/embeddings", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_that_the_service_does_not_have_is_none()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Answer("/v1/embeddings", """{"error":{"message":"no such model","code":"model_not_found"}}""", status: 404);
        await using var kernel = await TestKernel.StartAsync();
        var connection = await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address), None);

        Assert.Null(await kernel.Get<EmbeddingModels>().FindAsync(new ModelRef(connection.Id, "gone"), None));
    }

    [Fact]
    public async Task Embedders_known_before_stay_choosable_while_the_service_is_down()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Models = ["bge-m3"];
        var clock = new ManualTime();
        await using var kernel = await TestKernel.StartAsync(clock: clock);
        await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address), None);
        var models = kernel.Get<EmbeddingModels>();
        Assert.Single(await models.ListAsync(None));

        upstream.Answer("/v1/models", "{}", status: 500);
        clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal("bge-m3", Assert.Single(await models.ListAsync(None)).Ref.ModelId);
    }

    [Fact]
    public async Task Vectors_come_in_the_order_of_their_texts_and_tokens_are_estimated()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var kernel = await TestKernel.StartAsync();
        var connection = await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address), None);
        var model = new ModelRef(connection.Id, "bge-m3");

        var embedded = await kernel.Get<EmbeddingModels>().EmbedAsync(model, ["a", "bb"], None);

        Assert.Equal([1, 2], embedded.Vectors.Select(vector => vector[0]));
        Assert.Equal([1, 3, 0], await kernel.Get<EmbeddingModels>().CountTokensAsync(model, ["a", "twelve chars", ""], None));
    }

    [Fact]
    public async Task An_embedder_of_this_machine_is_offered_for_vectors_and_not_for_chats()
    {
        using var plugins = new PluginsFolder();
        plugins.AddLocalModelsDouble();
        await using var kernel = await TestKernel.StartAsync(plugins: plugins.Path);
        var models = kernel.Get<EmbeddingModels>();
        Assert.Empty(await models.ListAsync(None));

        await File.WriteAllTextAsync(Path.Combine(kernel.Folder, "models", "vectors.gguf"), "", None);
        var model = Assert.Single(await models.ListAsync(None));

        Assert.Equal(("vectors", "lengths/1", true), (model.Ref.ModelId, model.Info.Fingerprint, model.OnPremises));
        Assert.Equal(model.Ref, (await models.FindAsync(model.Ref, None))?.Ref);
        Assert.Equal([[5f]], (await models.EmbedAsync(model.Ref, ["words"], CallPriority.Interactive, None)).Vectors);
        Assert.Empty(await kernel.Get<ModelCatalog>().ListAsync(None));
        Assert.Null(await models.FindAsync(model.Ref with { ModelId = "other" }, None));
        var gone = await Assert.ThrowsAsync<ModelFailedException>(() => models.EmbedAsync(model.Ref with { ModelId = "other" }, ["words"], None));
        Assert.Equal("provider.modelNotFound", gone.Failure.Code);
    }
}
