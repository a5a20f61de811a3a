using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

/// <summary>GGUF models, run by llama.cpp in one child process each.</summary>
internal sealed class LlamaModels(
    PluginContext context,
    ModelCatalogue catalogue,
    ModelShelf shelf,
    ModelInstaller installer,
    AbandonedDownloads abandoned,
    RuntimeLibraries libraries,
    WorkerStarter starter,
    MachineMemory memory,
    TimeProvider time) : ILocalModels, IAsyncDisposable
{
    // Below this no question and answer fit.
    private const int SmallestContext = 512;

    private readonly ConcurrentDictionary<string, RunningModel> _running = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _installing = new(1);

    public LocalDevices Devices => libraries.Choice.Devices;

    public async Task<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancellationToken)
    {
        var here = await Task.Run(shelf.Models, cancellationToken);
        return
        [
            .. catalogue.Models.Select(model => FromCatalogue(model, here.FirstOrDefault(file => file.Id == model.Id))),
            .. here.Where(file => catalogue.Models.All(model => model.Id != file.Id)).Select(FromFile),
        ];
    }

    public async IAsyncEnumerable<InstallProgress> InstallAsync(string modelId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Only the newest matters to a reader who is slow.
        var progress = Channel.CreateBounded<InstallProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.Stopping);
        var work = InstallAsync(modelId, progress.Writer, ended.Token);
        try
        {
            await foreach (var step in progress.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return step;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await work;
        }
    }

    public async Task RemoveAsync(string modelId, CancellationToken cancellationToken)
    {
        if (_running.TryRemove(modelId, out var running))
        {
            await running.DisposeAsync();
        }

        await _installing.WaitAsync(cancellationToken);
        try
        {
            if (shelf.Find(modelId) is { } file)
            {
                shelf.Remove(file);
            }

            if (catalogue.Models.FirstOrDefault(model => model.Id == modelId) is { } known)
            {
                installer.Remove(known);
            }
        }
        finally
        {
            _installing.Release();
        }
    }

    public async Task<int> RemoveAbandonedAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        // Nothing of ours is abandoned while an installation runs, however old its first part.
        if (!await _installing.WaitAsync(0, cancellationToken))
        {
            return 0;
        }

        try
        {
            return await Task.Run(() => abandoned.Delete(since), cancellationToken);
        }
        finally
        {
            _installing.Release();
        }
    }

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

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _running.Values)
        {
            await running.DisposeAsync();
        }
    }

    private async Task InstallAsync(string modelId, ChannelWriter<InstallProgress> progress, CancellationToken cancellationToken)
    {
        try
        {
            await _installing.WaitAsync(cancellationToken);
            try
            {
                await InstallOneAsync(modelId, progress, cancellationToken);
            }
            finally
            {
                _installing.Release();
            }

            progress.TryComplete();
        }
        catch (Exception exception) when (exception is LocalModelException or OperationCanceledException)
        {
            progress.TryComplete(exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            progress.TryComplete(exception is IOException io ? Disk.Failure(io) : new LocalModelException(LocalModelErrorKind.DownloadFailed, exception.Message));
        }
    }

    private async Task InstallOneAsync(string modelId, ChannelWriter<InstallProgress> progress, CancellationToken cancellationToken)
    {
        var known = catalogue.Models.FirstOrDefault(model => model.Id == modelId);
        var file = shelf.Find(modelId);
        if (known is null && file is null)
        {
            throw new LocalModelException(LocalModelErrorKind.UnknownModel, modelId);
        }

        var report = new InstallReport(DownloadBytes(known, file), progress, time);
        if (file is null)
        {
            await installer.InstallAsync(known!, report, cancellationToken);
        }
        else
        {
            await libraries.InstallAsync(report, cancellationToken);
        }

        report.Installed();
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

    private LocalModel FromCatalogue(CatalogueModel model, ShelfModel? file)
    {
        var received = file is null ? installer.ReceivedBytes(model) : 0;
        return new LocalModel(
            model.Id, model.Name, model.DescriptionKey, model.Languages, model.Licence, DownloadBytes(model, file), model.MemoryBytes,
            model.ContextTokens, StateOf(file, received), received);
    }

    private LocalModel FromFile(ShelfModel file)
    {
        var stem = Path.GetFileNameWithoutExtension(file.Path);
        // Two quantisations of one model carry the same name inside.
        var name = file.Header.Name is { } inside && inside != stem ? $"{inside} ({stem})" : stem;
        return new LocalModel(
            file.Id, name, null, file.Header.Languages, file.Header.Licence, DownloadBytes(null, file),
            file.MemoryBytes(file.Header.ContextTokens), file.Header.ContextTokens, StateOf(file, 0), 0);
    }

    private LocalModelState StateOf(ShelfModel? file, long received) =>
        file is not null && libraries.Installed ? LocalModelState.Installed
        : received > 0 ? LocalModelState.Partial
        : LocalModelState.Available;

    // The libraries come with the first model; a file that was dropped in needs them too.
    private long DownloadBytes(CatalogueModel? model, ShelfModel? file) =>
        libraries.MissingBytes + (file is null ? model!.File.Sources[0].Sum(download => download.Bytes) : 0);
}
