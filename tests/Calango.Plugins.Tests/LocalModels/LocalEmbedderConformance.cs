using Calango.Plugins.LocalModels;
using Calango.Sdk;
using Calango.Sdk.Testing;

namespace Calango.Plugins.Tests.LocalModels;

[Collection(MiniLm.Id)]
public sealed class OnnxConformanceTests(MiniLm model) : EmbeddingProviderConformance
{
    protected override IEmbeddingProvider Provider => model.Embeddings;

    protected override string ModelId => MiniLm.Id;

    protected override string? TooLong() => string.Join(' ', Enumerable.Repeat("word", 241));
}

[Collection(MiniLm.Id)]
public sealed class ManagedConformanceTests : EmbeddingProviderConformance, IAsyncLifetime
{
    private readonly LocalModelsHost _host = new(ModelCatalogue.Load(LocalModelsHost.PluginFolder) with { OnnxRuntimes = [] }, folder: TinyLlama.Folder);

    protected override IEmbeddingProvider Provider => _host.Embeddings;

    protected override string ModelId => MiniLm.Id;

    public async ValueTask InitializeAsync() => await _host.InstallAsync(MiniLm.Id, TestEnd);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    protected override string? TooLong() => string.Join(' ', Enumerable.Repeat("word", 241));
}
