using Calango.Core.Data;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Files;

/// <summary>The places that this installation knows, and how each is reached. Thread-safe.</summary>
internal sealed class BlobPlaces
{
    private readonly Database _database;
    private readonly PluginHost _plugins;
    private readonly SettingSecrets _secrets;
    private readonly CachedRows<BlobPlace> _rows;

    public BlobPlaces(Database database, PluginHost plugins, IDataProtectionProvider protection, TimeProvider clock)
    {
        (_database, _plugins) = (database, plugins);
        _secrets = new SettingSecrets(protection, "Calango.Files");
        _rows = new CachedRows<BlobPlace>(ReadAsync, clock);
    }

    /// <summary>The places, as this process knows them: another may have changed them some seconds ago.</summary>
    public ValueTask<IReadOnlyList<BlobPlace>> ListAsync(CancellationToken cancellationToken) => _rows.ListAsync(cancellationToken);

    /// <summary>The places as they are now.</summary>
    public async Task<IReadOnlyList<BlobPlace>> ReadAsync(CancellationToken cancellationToken)
    {
        Drop();
        return await ListAsync(cancellationToken);
    }

    /// <summary>Makes whoever asks next go to the database.</summary>
    public void Drop() => _rows.Drop();

    /// <summary>The secrets of a place, as they are stored: those that were entered, and those that are kept of the one before.</summary>
    /// <exception cref="BlobException"><see cref="BlobErrorKind.InvalidSettings"/>: one of those cannot be read.</exception>
    public IReadOnlyDictionary<string, string> Protect(Guid placeId, CheckedSettings input, BlobPlace? before)
    {
        if (before is null || !input.KeepsSecrets || before.Id == placeId)
        {
            return _secrets.Protect(placeId.ToString(), input, before?.Stored ?? StoredSettings.None);
        }

        // Each is encrypted for its place alone.
        var known = SettingsOf(before);
        var secrets = before.ProtectedSecrets.Keys.ToDictionary(name => name, name => input.NewSecrets.GetValueOrDefault(name) ?? known[name]!);
        foreach (var (name, secret) in input.NewSecrets)
        {
            secrets[name] = secret;
        }

        return _secrets.Protect(placeId.ToString(), input with { NewSecrets = secrets, KeepsSecrets = false }, StoredSettings.None);
    }

    /// <summary>Does something with a place's store, which stays loaded meanwhile.</summary>
    /// <exception cref="BlobException">It failed.</exception>
    public async Task<T> UseAsync<T>(BlobPlace place, Func<GuardedBlobStore, SettingsValues, Task<T>> use)
    {
        using var lease = LeaseOf(place);
        return await TranslateAsync(() => use(lease.Generation.BlobStore!, SettingsOf(place)));
    }

    /// <summary>Opens a blob of a place; its store stays loaded until that is closed.</summary>
    /// <exception cref="BlobException">It failed.</exception>
    public async Task<BlobContent> OpenAsync(BlobPlace place, string key, BlobRange? range, CancellationToken cancellationToken)
    {
        var lease = LeaseOf(place);
        try
        {
            var content = await TranslateAsync(() => lease.Generation.BlobStore!.OpenAsync(key, range, SettingsOf(place), cancellationToken));
            return new BlobContent(content.Info, new LeasedStream(content.Stream, lease));
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private PluginLease LeaseOf(BlobPlace place) => _plugins.LeaseBlobs(place.PluginId) ?? throw new BlobException(BlobErrorKind.Failed);

    private SettingsValues SettingsOf(BlobPlace place)
    {
        try
        {
            return _secrets.Reveal(place.Id.ToString(), place.Stored);
        }
        catch (ProviderException)
        {
            throw new BlobException(BlobErrorKind.InvalidSettings);
        }
    }

    private async Task<IReadOnlyList<BlobPlace>> ReadAsync()
    {
        var rows = await _database.ReadAsync(db => db.Set<BlobPlace>().OrderBy(place => place.Id).ToListAsync(), CancellationToken.None);
        _plugins.Keepers = rows.Where(place => place.Role != BlobPlaceRole.Empty).Select(place => place.PluginId).ToHashSet();
        return rows;
    }

    private static async Task<T> TranslateAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (PluginFault)
        {
            throw new BlobException(BlobErrorKind.Failed);
        }
    }
}
