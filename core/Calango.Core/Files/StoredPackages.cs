using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Files;

/// <summary>
/// Keeps the package of each installed version among the files, under its digest, and brings a version's folder back from
/// it that is lost or damaged: at a start, once its digest and its signature were checked. Thread-safe.
/// </summary>
public sealed partial class StoredPackages : BackgroundService
{
    private const string ContentType = "application/zip";
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(10);

    private readonly Blobs _blobs;
    private readonly PluginStore _store;
    private readonly PackageInbox _inbox;
    private readonly PluginInstaller _installer;
    private readonly TimeProvider _clock;
    private readonly ILogger<StoredPackages> _logger;
    private readonly SemaphoreSlim _news = new(1);
    private Task _ready = Task.CompletedTask;

    internal StoredPackages(Blobs blobs, PluginStore store, PackageInbox inbox, PluginInstaller installer, PluginBoot boot, TimeProvider clock, ILogger<StoredPackages> logger)
    {
        (_blobs, _store, _inbox, _installer, _clock, _logger) = (blobs, store, inbox, installer, clock, logger);
        boot.Restore = RestoreAsync;
    }

    /// <summary>What is brought back waits until the database says where files are.</summary>
    public void WaitFor(Task ready) => _ready = ready;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _news.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _installer.Changed += Notice;
        try
        {
            while (true)
            {
                await _news.WaitAsync(Look, stoppingToken);
                await TryKeepAsync(stoppingToken);
            }
        }
        finally
        {
            _installer.Changed -= Notice;
        }
    }

    private void Notice(PluginOperation operation)
    {
        if (operation.Outcome != PluginOutcome.Running && _news.CurrentCount == 0)
        {
            _news.Release();
        }
    }

    private async Task TryKeepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(cancellationToken);
            await RemoveUnusedAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // They stay where they are, and are put there the next time.
            LogNotKept(_logger, exception is BlobException blob ? blob.Kind.ToString() : exception.GetType().Name);
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in FoldersOf(_store.Folders.Packages))
        {
            foreach (var path in Directory.GetFiles(folder))
            {
                BlobInfo kept;
                await using (var package = File.OpenRead(path))
                {
                    kept = await _blobs.PutAsync(KeyOf(Path.GetFileName(folder), Path.GetFileName(path)), package, ContentType, cancellationToken);
                }

                if (kept.Sha256 == Path.GetFileName(path))
                {
                    File.Delete(path);
                }
            }
        }
    }

    // What neither serves nor can be gone back to. Of a plugin that this server doesn't know another one may.
    private async Task RemoveUnusedAsync(CancellationToken cancellationToken)
    {
        foreach (var plugin in _store.All())
        {
            foreach (var key in await _blobs.ListAsync(KeyOf(plugin.Id, ""), cancellationToken))
            {
                var digest = key[(key.LastIndexOf('/') + 1)..];
                if (!IsOf(plugin.Current, digest) && !IsOf(plugin.Previous, digest))
                {
                    await _blobs.DeleteAsync(key, cancellationToken);
                }
            }
        }
    }

    private async Task<bool> RestoreAsync(string pluginId, string version, CancellationToken cancellationToken)
    {
        try
        {
            await _ready.WaitAsync(cancellationToken);
            if ((await _blobs.ListAsync(KeyOf(pluginId, ShortDigestOf(version)), cancellationToken)).FirstOrDefault() is not { } key
                || await _blobs.OpenAsync(key, cancellationToken) is not { } content)
            {
                return false;
            }

            await using (content)
            {
                Stage(pluginId, version, key, await _inbox.TakeAsync(content.Stream, null, cancellationToken));
            }

            LogRestored(_logger, pluginId, version);
            return true;
        }
        catch (Exception exception) when (exception is BlobException or RejectedException or IOException or UnauthorizedAccessException or DatabaseUnavailableException)
        {
            LogNotRestored(_logger, pluginId, version, exception is BlobException blob ? blob.Kind.ToString() : exception is RejectedException rejected ? rejected.Code : exception.GetType().Name);
            return false;
        }
    }

    private void Stage(string pluginId, string version, string key, string path)
    {
        try
        {
            using var changing = _store.Lock();
            using var package = PluginPackage.Open(path);
            if (package.Manifest.Id != pluginId || package.FolderName != version || !key.EndsWith('/' + package.Digest))
            {
                throw new RejectedException("plugin.consent");
            }

            DurableFiles.DeleteFolder(_store.Folders.VersionFolder(pluginId, version), _store.Folders.Staging);
            _store.Stage(package);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string[] FoldersOf(string path) => Directory.Exists(path) ? Directory.GetDirectories(path) : [];

    private static string KeyOf(string pluginId, string digest) => $"{Blobs.Packages}{pluginId}/{digest}";

    private static bool IsOf(string? version, string digest) => version is not null && digest.StartsWith(ShortDigestOf(version), StringComparison.Ordinal);

    private static string ShortDigestOf(string version) => version[(version.LastIndexOf('-') + 1)..];

    [LoggerMessage(LogLevel.Warning, "Packages of plugins could not be put among the files ({Kind}); trying again later")]
    private static partial void LogNotKept(ILogger logger, string kind);

    [LoggerMessage(LogLevel.Warning, "The plugin {Plugin} {Version} was lost or damaged here, and was brought back from its package")]
    private static partial void LogRestored(ILogger logger, string plugin, string version);

    [LoggerMessage(LogLevel.Error, "The plugin {Plugin} {Version} is lost or damaged here, and could not be brought back from its package ({Kind})")]
    private static partial void LogNotRestored(ILogger logger, string plugin, string version, string kind);
}
