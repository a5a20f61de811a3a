using System.Text.Json;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>Puts models onto this machine, one at a time, with or without a page that watches. Thread-safe.</summary>
public sealed class LocalModelInstaller(PluginHost plugins, Connections connections, ModelCatalog catalog) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _connecting = new(1);
    private CancellationTokenSource? _pause;
    private Task _running = Task.CompletedTask;
    private volatile LocalInstall? _current;

    /// <summary>Whether a plugin that runs local models serves.</summary>
    public bool IsAvailable => plugins.RunsLocalModels;

    /// <summary>What this machine runs models on; null where no plugin does.</summary>
    public LocalDevices? Devices
    {
        get
        {
            using var plugin = plugins.LeaseLocalModels();
            return plugin?.Generation.LocalModels!.Devices;
        }
    }

    /// <summary>The installation that runs, is paused or ended last; null: there was none since the start.</summary>
    public LocalInstall? Current => _current;

    /// <summary>
    /// What is or could be here; empty where no plugin runs local models. Where a model is here, a connection to it is
    /// made if there is none: a file that somebody dropped into the models folder can be chosen at once.
    /// </summary>
    /// <exception cref="PluginFault">The plugin failed.</exception>
    public async Task<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancellationToken)
    {
        using var plugin = plugins.LeaseLocalModels();
        if (plugin is null)
        {
            return [];
        }

        var models = await plugin.Generation.LocalModels!.ListAsync(cancellationToken);
        if (models.Any(model => model.State == LocalModelState.Installed))
        {
            await ConnectAsync(cancellationToken);
        }

        return models;
    }

    /// <summary>Names a model of this machine among those that can be chosen; null: no model is here yet.</summary>
    public async Task<ModelRef?> FindRefAsync(string modelId, CancellationToken cancellationToken) =>
        await FindConnectionAsync(cancellationToken) is { } connection ? new ModelRef(connection.Id, modelId) : null;

    /// <summary>Starts or resumes an installation and returns at once. Starting the one that runs changes nothing.</summary>
    /// <exception cref="LocalInstallBusyException">Another model is being installed.</exception>
    /// <exception cref="PluginFault">No plugin runs local models.</exception>
    public LocalInstall Start(string modelId)
    {
        lock (_lock)
        {
            if (!_running.IsCompleted && _current is { } running)
            {
                return running.ModelId == modelId ? running : throw new LocalInstallBusyException(running.ModelId);
            }

            var plugin = plugins.LeaseLocalModels() ?? throw PluginFault.NotServing(LocalModelsBridge.ProviderId);
            _pause?.Dispose();
            _pause = new CancellationTokenSource();
            var before = _current?.ModelId == modelId ? _current : null;
            _current = new LocalInstall(modelId, LocalInstallState.Downloading, before?.ReceivedBytes ?? 0, before?.TotalBytes ?? 0, null);
            var pause = _pause.Token;
            _running = Task.Run(() => InstallAsync(plugin, modelId, pause), CancellationToken.None);
            return _current;
        }
    }

    /// <summary>Stops downloading and keeps what has come. Returns when it has stopped.</summary>
    public Task PauseAsync()
    {
        lock (_lock)
        {
            _pause?.Cancel();
            return _running;
        }
    }

    /// <summary>Deletes a model, whole or half downloaded; stops its installation first.</summary>
    /// <exception cref="PluginFault">The plugin failed.</exception>
    public async Task RemoveAsync(string modelId, CancellationToken cancellationToken)
    {
        if (_current?.ModelId == modelId)
        {
            await PauseAsync();
            _current = null;
        }

        using var plugin = plugins.LeaseLocalModels() ?? throw PluginFault.NotServing(LocalModelsBridge.ProviderId);
        await plugin.Generation.LocalModels!.RemoveAsync(modelId, cancellationToken);
        await RefreshCatalogAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await PauseAsync();
        _pause?.Dispose();
        _connecting.Dispose();
    }

    private async Task InstallAsync(PluginLease plugin, string modelId, CancellationToken pause)
    {
        using (plugin)
        {
            try
            {
                await foreach (var progress in plugin.Generation.LocalModels!.InstallAsync(modelId, pause).WithCancellation(pause))
                {
                    if (progress.Stage != InstallStage.Installed)
                    {
                        var state = progress.Stage == InstallStage.Verifying ? LocalInstallState.Verifying : LocalInstallState.Downloading;
                        _current = new LocalInstall(modelId, state, progress.ReceivedBytes, progress.TotalBytes, null);
                    }
                }

                await ConnectAsync(pause);
                await RefreshCatalogAsync(pause);
                _current = _current! with { State = LocalInstallState.Installed, ReceivedBytes = _current.TotalBytes };
            }
            catch (OperationCanceledException) when (pause.IsCancellationRequested)
            {
                _current = _current! with { State = LocalInstallState.Paused };
            }
            catch (Exception exception)
            {
                _current = _current! with { State = LocalInstallState.Failed, Failure = FailureOf(exception, modelId) };
            }
        }
    }

    private static Failure FailureOf(Exception exception, string modelId)
    {
        var code = exception switch
        {
            LocalModelException { Kind: var kind } => "local." + JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()),
            Data.StorageFullException => "local.diskFull",
            PluginFault => "plugin.fault",
            _ => "local.unexpected",
        };
        return new Failure(code, new Dictionary<string, string> { ["model"] = modelId, ["plugin"] = (exception as PluginFault)?.PluginId ?? "" });
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            if (await FindConnectionAsync(cancellationToken) is null)
            {
                await connections.AddAsync(
                    new ConnectionInput(LocalModelsBridge.ProviderId, "", Environment.MachineName, new Dictionary<string, string?>(), LocalLimits), cancellationToken);
            }
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task RefreshCatalogAsync(CancellationToken cancellationToken)
    {
        if (await FindConnectionAsync(cancellationToken) is { } connection)
        {
            await catalog.RefreshAsync(connection.Id, cancellationToken);
        }
    }

    private async Task<Connection?> FindConnectionAsync(CancellationToken cancellationToken) =>
        (await connections.ListAsync(cancellationToken)).FirstOrDefault(connection => connection.ProviderId == LocalModelsBridge.ProviderId);

    // A slow machine reads a long prompt for minutes before it says the first word.
    private static readonly TimeLimits LocalLimits = new(FirstTokenSeconds: 300);
}

/// <summary>How an installation stands. Immutable.</summary>
/// <param name="ModelId">What is installed.</param>
/// <param name="State">Where it is.</param>
/// <param name="ReceivedBytes">Bytes here.</param>
/// <param name="TotalBytes">Bytes in all; 0: not known yet.</param>
/// <param name="Failure">Why it failed.</param>
public sealed record LocalInstall(string ModelId, LocalInstallState State, long ReceivedBytes, long TotalBytes, Failure? Failure);

/// <summary>Where an installation is.</summary>
public enum LocalInstallState
{
    /// <summary>Files are coming.</summary>
    Downloading,

    /// <summary>Checksums are compared.</summary>
    Verifying,

    /// <summary>Paused; what has come is kept.</summary>
    Paused,

    /// <summary>Done.</summary>
    Installed,

    /// <summary>It failed; starting again goes on from what has come.</summary>
    Failed,
}

/// <summary>Another model is being installed.</summary>
public sealed class LocalInstallBusyException(string modelId) : Exception("Another model is being installed.")
{
    /// <summary>The model being installed.</summary>
    public string ModelId { get; } = modelId;
}
