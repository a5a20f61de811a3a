using System.Collections.Concurrent;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// GGUF models, run by llama.cpp in one child process each.
internal sealed class LlamaModels(ModelShelf shelf, RuntimeLibraries libraries, WorkerStarter starter, MachineMemory memory, TimeProvider time) : IAsyncDisposable
{
    // Below this no question and answer fit.
    private const int SmallestContext = 512;

    private readonly ConcurrentDictionary<string, RunningModel> _running = new(StringComparer.Ordinal);

    public async Task<ILocalEndpoint> AcquireAsync(string modelId, int? contextTokens, CancellationToken cancellationToken)
    {
        var model = await Task.Run(() => shelf.Find(modelId), cancellationToken) ?? throw new ProviderException(ProviderErrorKind.ModelNotFound);
        if (!libraries.Installed)
        {
            throw new ProviderException(ProviderErrorKind.LocalModelUnavailable, "The llama.cpp libraries are not installed.");
        }

        var wanted = Math.Clamp(contextTokens ?? model.Header.ContextTokens, SmallestContext, Math.Max(model.Header.ContextTokens, SmallestContext));
        var running = _running.GetOrAdd(modelId, _ => new RunningModel(starter, time));
        return await running.AcquireAsync(model, wanted, () => ContextThatFitsAsync(model, wanted), cancellationToken);
    }

    public async Task StopAsync(string modelId)
    {
        if (_running.TryRemove(modelId, out var running))
        {
            await running.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _running.Values)
        {
            await running.DisposeAsync();
        }
    }

    private async Task<int> ContextThatFitsAsync(ShelfModel model, int wanted)
    {
        if (model.MemoryBytes(wanted) > memory.AvailableBytes())
        {
            foreach (var idle in _running.Values.Where(other => other.IsIdle))
            {
                await idle.StopAsync(evenIfUsed: false);
            }
        }

        var available = memory.AvailableBytes();
        return model.ContextThatFits(wanted, available) is var tokens and >= SmallestContext
            ? tokens
            : throw new ProviderException(
                ProviderErrorKind.LocalModelUnavailable,
                $"{model.MemoryBytes(SmallestContext) / 1_000_000} MB of memory are needed, {Math.Max(available, 0) / 1_000_000} MB are free.");
    }
}
