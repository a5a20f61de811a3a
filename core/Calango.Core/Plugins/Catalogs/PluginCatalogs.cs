using Calango.Core.Errors;
using Microsoft.Extensions.Logging;
using NuGet.Versioning;

namespace Calango.Core.Plugins;

/// <summary>
/// The catalogs that administrators added. A catalog says what there is, never what is trusted: that is said by a package's
/// own signature. What it takes back counts for what came from it (docs/plugin-packages.md says why). Thread-safe.
/// </summary>
public sealed partial class PluginCatalogs
{
    private static readonly TimeSpan Refreshed = TimeSpan.FromDays(1);

    private readonly StoreFolders _folders;
    private readonly PluginStore _store;
    private readonly PluginTrust _trust;
    private readonly PackageInbox _inbox;
    private readonly PublicWeb _web;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();

    internal PluginCatalogs(StoreFolders folders, PluginStore store, PluginTrust trust, PackageInbox inbox, PublicWeb web, TimeProvider clock, ILogger<PluginCatalogs> logger) =>
        (_folders, _store, _trust, _inbox, _web, _clock, _logger) = (folders, store, trust, inbox, web, clock, logger);

    /// <summary>All, in the order in which they were added.</summary>
    public IReadOnlyList<PluginCatalog> All => !Directory.Exists(_folders.Catalogs) ? [] :
        [.. Directory.GetFiles(_folders.Catalogs, "*.json").Order(StringComparer.Ordinal).Select(Read).OfType<PluginCatalog>()];

    /// <summary>A catalog; null: there is none with this id.</summary>
    public PluginCatalog? Find(Guid id) => Read(FileOf(id));

    /// <summary>Reads a catalog for the first time, and remembers it.</summary>
    /// <param name="place">A folder of this machine, or an http or https address; with or without the index's name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException">It is no place, is here already, or cannot be read.</exception>
    public async Task<PluginCatalog> AddAsync(string place, CancellationToken cancellationToken)
    {
        var where = CatalogPlace.Parse(place);
        var index = await where.ReadIndexAsync(_web, cancellationToken);
        var now = _clock.GetUtcNow();
        var catalog = new PluginCatalog { Id = Guid.CreateVersion7(now), Place = where.Text, AddedAt = now, ReadAt = now, TriedAt = now, Index = index };
        lock (_lock)
        {
            if (All.Any(other => other.Place == where.Text))
            {
                throw new RejectedException("plugin.catalog.known");
            }

            _folders.Create();
            Write(catalog);
        }

        return catalog;
    }

    /// <summary>Reads a catalog again. Where that fails, what was known of it stays.</summary>
    /// <exception cref="RejectedException">It cannot be read, or is older than it was.</exception>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task RefreshAsync(Guid id, CancellationToken cancellationToken)
    {
        var catalog = Find(id) ?? throw new NotFoundException();
        try
        {
            var index = await CatalogPlace.Parse(catalog.Place).ReadIndexAsync(_web, cancellationToken);
            lock (_lock)
            {
                Take(id, index);
            }
        }
        catch (RejectedException rejected)
        {
            var failure = new PluginRefusal(rejected.Code, rejected.Arguments.ToDictionary(argument => argument.Name, argument => argument.Value));
            lock (_lock)
            {
                Write((Find(id) ?? throw new NotFoundException()) with { TriedAt = _clock.GetUtcNow(), Failure = failure });
            }

            throw;
        }
    }

    /// <summary>Reads again each catalog that was not tried for a day. One that fails stops none.</summary>
    public async Task RefreshDueAsync(CancellationToken cancellationToken)
    {
        foreach (var catalog in All.Where(catalog => _clock.GetUtcNow() - catalog.TriedAt >= Refreshed))
        {
            try
            {
                await RefreshAsync(catalog.Id, cancellationToken);
            }
            catch (NotFoundException)
            {
                // Removed meanwhile.
            }
            catch (RejectedException rejected)
            {
                LogFailed(_logger, catalog.Place, rejected.Code);
            }
        }
    }

    /// <summary>Forgets a catalog. What was installed from it stays, and what it took back stays taken back.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public void Remove(Guid id)
    {
        lock (_lock)
        {
            _ = Find(id) ?? throw new NotFoundException();
            DurableFiles.Delete(FileOf(id));
        }
    }

    /// <summary>The newest version of each plugin that could take the place of the one that is installed.</summary>
    public IReadOnlyDictionary<string, PluginUpdate> UpdatesOf(IReadOnlyList<InstalledPluginInfo> plugins)
    {
        var (catalogs, revoked, publishers) = (All, _trust.Revoked.ToHashSet(), _trust.Publishers);
        var updates = new Dictionary<string, PluginUpdate>();
        foreach (var plugin in plugins.Where(plugin => plugin.Manifest is not null))
        {
            var (manifest, now) = (plugin.Manifest!, plugin.Manifest!.SemVer);
            var best = (from catalog in catalogs
                        from offered in catalog.Index.Plugins
                        where offered.Id == plugin.Id
                        from version in offered.Versions
                        let semVer = SemanticVersion.Parse(version.Version)
                        where semVer > now && (!semVer.IsPrerelease || now.IsPrerelease) && version.FitsHere
                            && !catalog.HasTakenBack(version) && !revoked.Contains(version.Digest) && (version.Key is null || !revoked.Contains(version.Key))
                            && (plugin.Level == PluginTrustLevel.BuiltIn
                                ? publishers.Any(publisher => publisher.Key == version.Key && publisher.Name == offered.Publisher)
                                : version.Key == manifest.Key && (version.Key is not null || offered.Publisher == manifest.Publisher))
                        orderby semVer descending
                        select new PluginUpdate(catalog.Id, version)).FirstOrDefault();
            if (best is not null)
            {
                updates[plugin.Id] = best;
            }
        }

        return updates;
    }

    /// <summary>Fetches a version's package into the inbox, and returns where it is.</summary>
    /// <exception cref="RejectedException">The catalog has none such, has taken it back, or hands out another than it says.</exception>
    internal async Task<string> FetchAsync(Guid id, string pluginId, string version, CancellationToken cancellationToken)
    {
        var catalog = Find(id) ?? throw new NotFoundException();
        var listed = catalog.Index.Plugins.FirstOrDefault(plugin => plugin.Id == pluginId)?.Versions.FirstOrDefault(one => one.Version == version)
            ?? throw new RejectedException("plugin.catalog.notListed", ("plugin", pluginId), ("version", version));
        if (catalog.HasTakenBack(listed))
        {
            throw new RejectedException("plugin.revoked.package");
        }

        return await CatalogPlace.Parse(catalog.Place).ReadPackageAsync(listed, _web, (content, ending) => _inbox.TakeAsync(content, listed, ending), cancellationToken);
    }

    private void Take(Guid id, CatalogIndex index)
    {
        var before = Find(id) ?? throw new NotFoundException();
        if (index.Serial < before.Index.Serial)
        {
            throw new RejectedException("plugin.catalog.serial", ("serial", $"{index.Serial}"), ("before", $"{before.Index.Serial}"));
        }

        // Two indexes of one serial: somebody shows one to some and the other to others.
        if (index.Serial == before.Index.Serial && !CatalogWriter.Bytes(index).AsSpan().SequenceEqual(CatalogWriter.Bytes(before.Index)))
        {
            throw new RejectedException("plugin.catalog.sameSerial", ("serial", $"{index.Serial}"));
        }

        var now = _clock.GetUtcNow();
        var after = before with { ReadAt = now, TriedAt = now, Failure = null, Index = index };
        Write(after);
        TakeBack(after);
    }

    // Packages only, and only those that came from it: a key is its owner's, and may have signed what came from elsewhere.
    private void TakeBack(PluginCatalog catalog)
    {
        var revoked = catalog.Index.Revoked;
        _trust.Revoke(from plugin in _store.All()
                      where plugin.Catalog == catalog.Id
                      from version in new[] { plugin.Current, plugin.Previous }.OfType<string>()
                      let digest = PluginBoot.DigestOf(version)
                      let named = revoked.FirstOrDefault(one => one.StartsWith(digest, StringComparison.Ordinal))
                      where named is not null || (plugin.Key is { } key && revoked.Contains(key))
                      select named ?? digest);
    }

    private static PluginCatalog? Read(string path)
    {
        try
        {
            return DurableFiles.Read(path, StoreJson.Default.PluginCatalog);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Write(PluginCatalog catalog) => DurableFiles.Write(FileOf(catalog.Id), catalog, StoreJson.Default.PluginCatalog);

    private string FileOf(Guid id) => Path.Combine(_folders.Catalogs, $"{id:N}.json");

    [LoggerMessage(LogLevel.Warning, "The catalog of plugins {Place} could not be read: {Code}. What was known of it stays")]
    private static partial void LogFailed(ILogger logger, string place, string code);
}
