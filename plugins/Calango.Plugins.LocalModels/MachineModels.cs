using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.LocalModels;

/// <summary>The models of this machine: those that answer, each in a child process, and those that embed, in this one.</summary>
internal sealed class MachineModels(
    PluginContext context,
    ModelCatalogue catalogue,
    ModelShelf shelf,
    EmbedderShelf embedderShelf,
    ModelInstaller installer,
    AbandonedDownloads abandoned,
    RuntimeLibraries llama,
    OnnxLibrary onnx,
    LlamaModels running,
    Embedders embedders,
    TimeProvider time) : ILocalModels, IEmbeddingProvider, IAsyncDisposable
{
    private readonly SemaphoreSlim _installing = new(1);

    public LocalDevices Devices => llama.Choice.Devices;

    public Task<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancellationToken) => Task.Run<IReadOnlyList<LocalModel>>(
        () =>
        [
            .. catalogue.Models.Select(FromCatalogue),
            .. shelf.Models().Where(file => catalogue.Models.All(model => model.Id != file.Id)).Select(FromFile),
            .. embedderShelf.Dropped().Select(FromFolder),
        ],
        cancellationToken);

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
        await running.StopAsync(modelId);
        await embedders.CloseAsync(modelId);
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
            else if (embedderShelf.Dropped().FirstOrDefault(folder => folder.Id == modelId) is { } folder)
            {
                embedderShelf.Remove(folder);
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

    public Task<ILocalEndpoint> AcquireAsync(string modelId, int? contextTokens, CancellationToken cancellationToken) =>
        running.AcquireAsync(modelId, contextTokens, cancellationToken);

    public IEmbeddingGenerator<string, Embedding<float>> ConnectEmbeddings(string modelId, SettingsValues settings) => new LocalEmbeddingGenerator(embedders, modelId);

    public Task<IReadOnlyList<EmbeddingModelInfo>> ListEmbeddingModelsAsync(SettingsValues settings, CancellationToken cancellationToken) => Task.Run<IReadOnlyList<EmbeddingModelInfo>>(
        () => [.. embedderShelf.Usable().Select(model => model.Describe())], cancellationToken);

    public async Task<IReadOnlyList<int>?> CountTokensAsync(string modelId, IReadOnlyList<string> texts, SettingsValues settings, CancellationToken cancellationToken)
    {
        var tokenizer = (await embedders.OpenAsync(modelId, cancellationToken)).Tokenizer;
        return await Task.Run(() => texts.Select(tokenizer.Count).ToList(), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // An installation that goes on has been told to end.
        await _installing.WaitAsync();
        _installing.Dispose();
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
        var model = (await ListAsync(cancellationToken)).FirstOrDefault(model => model.Id == modelId) ?? throw new LocalModelException(LocalModelErrorKind.UnknownModel, modelId);
        var report = new InstallReport(model.DownloadBytes, progress, time);
        await (catalogue.Models.FirstOrDefault(known => known.Id == modelId) is { } known
            ? installer.InstallAsync(known, report, cancellationToken)
            : installer.InstallRuntimeAsync(model.Purpose, report, cancellationToken));
        report.Installed();
    }

    private LocalModel FromCatalogue(CatalogueModel model)
    {
        var isHere = installer.IsHere(model);
        var received = isHere ? 0 : installer.ReceivedBytes(model);
        return new LocalModel(
            model.Id, model.Name, model.DescriptionKey, model.Languages, model.Licence, installer.MissingBytes(model), model.MemoryBytes,
            model.ContextTokens, StateOf(model.Purpose, isHere, received), received)
        {
            Purpose = model.Purpose,
            FallbackReason = model.Purpose == LocalModelPurpose.Embedding ? onnx.Failure : null,
        };
    }

    private LocalModel FromFile(ShelfModel file)
    {
        var stem = Path.GetFileNameWithoutExtension(file.Path);
        // Two quantisations of one model carry the same name inside.
        var name = file.Header.Name is { } inside && inside != stem ? $"{inside} ({stem})" : stem;
        return new LocalModel(
            file.Id, name, null, file.Header.Languages, file.Header.Licence, llama.MissingBytes,
            file.MemoryBytes(file.Header.ContextTokens), file.Header.ContextTokens, StateOf(LocalModelPurpose.Chat, isHere: true, 0), 0);
    }

    private LocalModel FromFolder(ShelfEmbedder folder)
    {
        var refusal = folder.Refusal ?? onnx.Failure;
        return new LocalModel(
            folder.Id, folder.Name, null, folder.Languages, null, refusal is null ? onnx.MissingBytes : 0,
            folder.MemoryBytes, folder.WindowTokens, refusal is null ? StateOf(LocalModelPurpose.Embedding, isHere: true, 0) : LocalModelState.Available, 0)
        {
            Purpose = LocalModelPurpose.Embedding,
            FallbackReason = refusal,
        };
    }

    // What runs it comes with the first model; a file that was dropped in needs it too.
    private LocalModelState StateOf(LocalModelPurpose purpose, bool isHere, long received) =>
        isHere && (purpose == LocalModelPurpose.Chat ? llama.Installed : onnx.MissingBytes == 0) ? LocalModelState.Installed
        : received > 0 ? LocalModelState.Partial
        : LocalModelState.Available;
}
