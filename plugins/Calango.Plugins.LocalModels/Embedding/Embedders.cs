using System.Collections.Concurrent;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// The embedders that are loaded: each at its first use, for as long as its files are here. Thread-safe.
internal sealed class Embedders(EmbedderShelf shelf, OnnxLibrary library) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Embedder>>> _open = new(StringComparer.Ordinal);

    public async Task<Embedder> OpenAsync(string modelId, CancellationToken cancellationToken)
    {
        var opening = _open.GetOrAdd(modelId, id => new Lazy<Task<Embedder>>(() => Task.Run(() => Open(id))));
        try
        {
            return await opening.Value.WaitAsync(cancellationToken);
        }
        catch (ProviderException)
        {
            // Tried anew when it is asked for again: what was missing may have come.
            _open.TryRemove(KeyValuePair.Create(modelId, opening));
            throw;
        }
    }

    public async Task CloseAsync(string modelId)
    {
        if (_open.TryRemove(modelId, out var opened) && opened.IsValueCreated)
        {
            await ((Task)opened.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opened.Value.IsCompletedSuccessfully)
            {
                (await opened.Value).Dispose();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var modelId in _open.Keys)
        {
            await CloseAsync(modelId);
        }
    }

    private Embedder Open(string modelId)
    {
        // Loaded before it is looked what is here: where it does not load, the managed variant counts.
        var onnx = library.TryLoad();
        var files = shelf.Usable().FirstOrDefault(model => model.Id == modelId)
            ?? throw (library.Failure is { } failure ? new ProviderException(ProviderErrorKind.LocalModelUnavailable, failure) : new ProviderException(ProviderErrorKind.ModelNotFound));
        try
        {
            var tokenizer = WordPieceTokenizer.Load(files.TokenizerPath);
            return new Embedder(files, tokenizer, files.IsManaged ? ManagedBert.Open(files.ModelPath) : OnnxModel.Open(onnx!, files.ModelPath));
        }
        catch (Exception exception) when (exception is OnnxException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderErrorKind.LocalModelUnavailable, exception.Message);
        }
    }
}
