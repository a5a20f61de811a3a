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
        var files = shelf.Find(modelId) ?? throw new ProviderException(ProviderErrorKind.ModelNotFound);
        if (!library.Installed)
        {
            throw new ProviderException(ProviderErrorKind.LocalModelUnavailable, "ONNX Runtime is not installed.");
        }

        try
        {
            return new Embedder(files, WordPieceTokenizer.Load(files.TokenizerPath), OnnxModel.Open(OnnxApi.Load(library.LibraryPath), files.ModelPath));
        }
        catch (OnnxException exception)
        {
            throw new ProviderException(ProviderErrorKind.LocalModelUnavailable, exception.Message);
        }
    }
}
