using Calango.Core.Data;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>The places that this installation knows, and how each is reached. Thread-safe.</summary>
internal sealed class IndexPlaces
{
    private readonly Database _database;
    private readonly PluginHost _plugins;
    private readonly MemoryIndex _memory;
    private readonly PostgresIndex _postgres;
    private readonly SettingSecrets _secrets;
    private readonly CachedRows<IndexPlace> _rows;

    public IndexPlaces(Database database, PluginHost plugins, MemoryIndex memory, PostgresIndex postgres, IDataProtectionProvider protection, TimeProvider clock)
    {
        (_database, _plugins, _memory, _postgres) = (database, plugins, memory, postgres);
        _secrets = new SettingSecrets(protection, "Calango.Knowledge");
        _rows = new CachedRows<IndexPlace>(ReadAsync, clock);
    }

    /// <summary>The one that answers, as this process knows it: another may have chosen a new one some seconds ago.</summary>
    public async ValueTask<IndexPlace> InForceAsync(CancellationToken cancellationToken) =>
        (await _rows.ListAsync(cancellationToken)).First(place => place.Role == IndexRole.InForce);

    /// <summary>All, as they are now, the one that answers first.</summary>
    public async Task<IReadOnlyList<IndexPlace>> ReadAsync(CancellationToken cancellationToken)
    {
        Drop();
        return await _rows.ListAsync(cancellationToken);
    }

    /// <summary>Makes whoever asks next go to the database.</summary>
    public void Drop() => _rows.Drop();

    /// <summary>The secrets of a plugin's places, as they are stored.</summary>
    public IReadOnlyDictionary<string, string> Protect(string pluginId, CheckedSettings input, IndexPlace? before) =>
        _secrets.Protect(pluginId, input, before?.Stored ?? StoredSettings.None);

    /// <summary>Does something with a place's index, which stays loaded meanwhile.</summary>
    /// <exception cref="ProviderException">It failed.</exception>
    public async Task<T> UseAsync<T>(IndexPlace place, Func<IPassageIndex, SettingsValues, Task<T>> use)
    {
        if (place.Kind != IndexKind.Plugin)
        {
            return await use(place.Kind == IndexKind.Memory ? _memory : _postgres, new SettingsValues(place.Settings));
        }

        using var lease = _plugins.LeaseIndex(place.PluginId!) ?? throw new ProviderException(ProviderErrorKind.ServiceFailed);
        try
        {
            return await use(lease.Generation.PassageIndex!, _secrets.Reveal(place.PluginId!, place.Stored));
        }
        catch (PluginFault)
        {
            throw new ProviderException(ProviderErrorKind.ServiceFailed);
        }
    }

    private Task<IReadOnlyList<IndexPlace>> ReadAsync() => _database.ReadAsync<IReadOnlyList<IndexPlace>>(
        async db => await db.Set<IndexPlace>().OrderBy(place => place.Role).ThenByDescending(place => place.Id).ToListAsync(), CancellationToken.None);
}
