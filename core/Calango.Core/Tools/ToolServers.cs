using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tools;

/// <summary>The servers of tools that an administrator has set up, and those that need no setting up. Thread-safe.</summary>
public sealed class ToolServers
{
    private readonly Database _database;
    private readonly PluginHost _plugins;
    private readonly TimeProvider _clock;
    private readonly SettingSecrets _secrets;
    private readonly CachedRows<ToolServer> _rows;

    /// <summary>Makes it.</summary>
    public ToolServers(Database database, PluginHost plugins, IDataProtectionProvider protection, TimeProvider clock)
    {
        (_database, _plugins, _clock) = (database, plugins, clock);
        _secrets = new SettingSecrets(protection, "Calango.Tools");
        _rows = new CachedRows<ToolServer>(ReadAsync, clock);
    }

    /// <summary>The plugins that bring tools.</summary>
    public IReadOnlyList<ToolSourceInfo> Sources => _plugins.ToolSources;

    /// <summary>A plugin that brings tools.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public ToolSourceInfo SourceOf(string pluginId) => Sources.FirstOrDefault(source => source.PluginId == pluginId) ?? throw new NotFoundException();

    /// <summary>All whose plugin is installed, those that need no setting up first.</summary>
    public async Task<IReadOnlyList<ToolServer>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await _rows.ListAsync(cancellationToken);
        var only = Sources.Where(source => source.Settings.Count == 0).Select(ToolServer.OnlyOneOf);
        return
        [
            .. only.Select(server => rows.FirstOrDefault(row => row.Id == server.Id) ?? server),
            .. rows.Where(row => Sources.Any(source => source.PluginId == row.PluginId && source.Settings.Count > 0)),
        ];
    }

    /// <summary>One.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public async Task<ToolServer> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(server => server.Id == id) ?? throw new NotFoundException();

    /// <summary>Adds one.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    /// <exception cref="NotFoundException">There is no such plugin, or it has its one server already.</exception>
    public async Task<Guid> AddAsync(string pluginId, ToolServerInput input, CancellationToken cancellationToken)
    {
        if (SourceOf(pluginId).Settings.Count == 0)
        {
            throw new NotFoundException();
        }

        var id = Guid.CreateVersion7(_clock.GetUtcNow());
        await SaveAsync(new ToolServer { Id = id, PluginId = pluginId }, input, cancellationToken);
        return id;
    }

    /// <summary>Changes one.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public async Task UpdateAsync(Guid id, ToolServerInput input, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(id, cancellationToken);
        await SaveAsync(stored, input, cancellationToken);
        await CloseAsync(stored, cancellationToken);
    }

    /// <summary>Removes one. Removing twice is fine.</summary>
    public async Task RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        var stored = (await ListAsync(cancellationToken)).FirstOrDefault(server => server.Id == id);
        await _database.WriteAsync(db => db.Set<ToolServer>().Where(server => server.Id == id).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        _rows.Drop();
        if (stored is not null)
        {
            await CloseAsync(stored, cancellationToken);
        }
    }

    /// <summary>A server as it would be with what was entered; nothing is stored.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    public ToolServer Try(ToolServer stored, ToolServerInput input) => Filled(stored, input);

    /// <summary>What its plugin is told of a server.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: a secret cannot be read.</exception>
    internal ToolServerSettings SettingsOf(ToolServer server) => new(server.Id, server.Version, _secrets.Reveal(server.Id.ToString(), server.Stored));

    /// <summary>Ends what its plugin has open for a server. A plugin that fails to keeps nobody from changing its settings.</summary>
    internal async Task CloseAsync(ToolServer server, CancellationToken cancellationToken)
    {
        using var plugin = _plugins.LeaseTools(server.PluginId);
        if (plugin?.Generation.ToolSource is { } source)
        {
            await source.CloseAsync(server.Id).WaitAsync(TimeSpan.FromSeconds(5), _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SaveAsync(ToolServer stored, ToolServerInput input, CancellationToken cancellationToken)
    {
        var server = Filled(stored, input);
        await _database.WriteAsync(async db =>
        {
            if (await db.Set<ToolServer>().AsNoTracking().AnyAsync(row => row.Id == server.Id, cancellationToken))
            {
                db.Update(server);
            }
            else
            {
                db.Add(server);
            }

            await db.SaveChangesAsync(cancellationToken);
        }, cancellationToken);
        _rows.Drop();
    }

    private ToolServer Filled(ToolServer stored, ToolServerInput input)
    {
        var source = SourceOf(stored.PluginId);
        var errors = new Dictionary<string, string>();
        var name = source.Settings.Count == 0 ? source.Name : input.Name?.Trim() ?? "";
        if (name.Length is 0 or > ToolServer.MaxNameLength || name.Any(char.IsControl))
        {
            errors["name"] = name.Length == 0 ? "required" : name.Length > ToolServer.MaxNameLength ? "tooLong" : "characters";
        }

        var settings = SettingsCheck.Check(source.Settings, input.Values, stored.Stored, errors);
        return errors.Count > 0 ? throw new InvalidInputException(errors) : new ToolServer
        {
            Id = stored.Id,
            PluginId = stored.PluginId,
            Name = name,
            IsOn = input.IsOn,
            Settings = settings.Settings,
            ProtectedSecrets = _secrets.Protect(stored.Id.ToString(), settings, stored.Stored),
            Version = Guid.CreateVersion7(_clock.GetUtcNow()),
        };
    }

    private Task<IReadOnlyList<ToolServer>> ReadAsync() => _database.ReadAsync<IReadOnlyList<ToolServer>>(
        async db => await db.Set<ToolServer>().OrderBy(server => server.Id).ToListAsync(), CancellationToken.None);
}
