using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

// The real embedder, from the cache of TinyLlama. A missing one is downloaded by the plugin itself, 30 MB; where nothing can be
// downloaded its tests are skipped.
public sealed class MiniLm : IAsyncLifetime
{
    public const string Id = "all-minilm-l6-v2";

    private LocalModelsHost? _host;
    private string? _failure;

    internal IEmbeddingProvider Embeddings
    {
        get
        {
            Assert.SkipWhen(_failure is not null, $"{Id} is not in the cache and cannot be downloaded: {_failure}");
            return _host!.Embeddings;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _host = new LocalModelsHost(folder: TinyLlama.Folder);
        try
        {
            await _host.InstallAsync(Id, TestContext.Current.CancellationToken);
        }
        catch (LocalModelException exception)
        {
            _failure = exception.Message;
        }
    }

    public async ValueTask DisposeAsync() => await _host!.DisposeAsync();

    internal Task<float[][]> EmbedAsync(params string[] texts) => EmbedAsync(Embeddings, Id, texts);

    internal static async Task<float[][]> EmbedAsync(IEmbeddingProvider embeddings, string model, params string[] texts)
    {
        using var generator = embeddings.ConnectEmbeddings(model, NoSettings);
        return [.. (await generator.GenerateAsync(texts, cancellationToken: TestContext.Current.CancellationToken)).Select(embedding => embedding.Vector.ToArray())];
    }

    // A host of the test's own, to which only what runs models has come.
    internal LocalModelsHost HostWithRuntime()
    {
        _ = Embeddings;
        var host = new LocalModelsHost();
        Directory.CreateSymbolicLink(Path.Combine(host.Data, "runtimes"), Path.Combine(TinyLlama.Folder, "data", "runtimes"));
        return host;
    }

    internal static string PathOf(string file) => Path.Combine(TinyLlama.Folder, "models", Id, file);

    internal static SettingsValues NoSettings { get; } = new(new Dictionary<string, string>());
}

// The tests with it run one class after another: it is loaded once.
[CollectionDefinition(MiniLm.Id)]
public sealed class MiniLmCollection : ICollectionFixture<MiniLm>;
