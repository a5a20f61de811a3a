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
        var only = Sources.Where(source => source.HasOneServer).Select(ToolServer.OnlyOneOf);
        return
        [
            .. only.Select(server => rows.FirstOrDefault(row => row.Id == server.Id) ?? server),
            .. rows.Where(row => Sources.Any(source => source.PluginId == row.PluginId && !source.HasOneServer)),
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
        if (SourceOf(pluginId).HasOneServer)
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

    /// <summary>Removes one, with what people entered for it. Removing twice is fine.</summary>
    public async Task RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        var stored = (await ListAsync(cancellationToken)).FirstOrDefault(server => server.Id == id);
        await _database.WriteAsync(async db =>
        {
            await db.Set<ToolServer>().Where(server => server.Id == id).ExecuteDeleteAsync(cancellationToken);
            await db.Set<PersonalSettings>().Where(settings => settings.ServerId == id).ExecuteDeleteAsync(cancellationToken);
        }, cancellationToken);
        _rows.Drop();
        if (stored is not null)
        {
            await CloseAsync(stored, cancellationToken);
        }
    }

    /// <summary>A server as it would be with what was entered; nothing is stored.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    public ToolServer Try(ToolServer stored, ToolServerInput input) => Filled(stored, input);

    /// <summary>What each person is asked for.</summary>
    internal IReadOnlyList<SettingField> PersonalFieldsOf(ToolServer server) => ToolFields.OfPerson(FieldsOf(server), server.Settings);

    /// <summary>Stands for where people's secrets go.</summary>
    internal string PlaceOf(ToolServer server) => ToolFields.PlaceOf(FieldsOf(server), server.Settings);

    /// <summary>Where people's secrets go, for people; null: it has no address.</summary>
    internal string? HostOf(ToolServer server) =>
        FieldsOf(server).Where(field => field is { Kind: SettingKind.Address, ClearsSecrets: true, Level: SettingLevel.Administrator })
            .Select(field => Uri.TryCreate(server.Settings.GetValueOrDefault(field.Name) ?? field.Default, UriKind.Absolute, out var address) ? address.Authority : null).FirstOrDefault();

    /// <summary>The values that count, of what an administrator and a person entered.</summary>
    internal Dictionary<string, string> Merge(ToolServer server, SettingsValues entered, SettingsValues own) => ToolFields.Merge(FieldsOf(server), entered, own);

    /// <summary>A server with what an administrator entered.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: a secret cannot be read.</exception>
    internal ToolServerSettings SettingsOf(ToolServer server) => new(server.Id, server.Version, _secrets.Reveal(server.Id.ToString(), server.Stored));

    /// <summary>Ends what its plugin has open for a server. A plugin that fails to keeps nobody from changing its settings.</summary>
    internal Task CloseAsync(ToolServer server, CancellationToken cancellationToken) => CloseAsync(server.PluginId, source => source.CloseAsync(server.Id), cancellationToken);

    /// <summary>Ends what its plugin has open for one person.</summary>
    internal async Task CloseAsync(Guid id, Guid person, CancellationToken cancellationToken)
    {
        if ((await ListAsync(cancellationToken)).FirstOrDefault(server => server.Id == id) is { } server)
        {
            await CloseAsync(server.PluginId, source => source.CloseAsync(id, person), cancellationToken);
        }
    }

    private async Task CloseAsync(string pluginId, Func<GuardedToolSource, Task> close, CancellationToken cancellationToken)
    {
        using var plugin = _plugins.LeaseTools(pluginId);
        if (plugin?.Generation.ToolSource is { } source)
        {
            await close(source).WaitAsync(TimeSpan.FromSeconds(5), _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IReadOnlyList<SettingField> FieldsOf(ToolServer server) => Sources.FirstOrDefault(source => source.PluginId == server.PluginId)?.Settings ?? [];

    private async Task SaveAsync(ToolServer stored, ToolServerInput input, CancellationToken cancellationToken)
    {
        var server = Filled(stored, input);
        var place = ToolFields.PlaceOf(SourceOf(server.PluginId).Settings, server.Settings);
        await _database.WriteAsync(async db =>
        {
            await ForgetSecretsAsync(db, server.Id, place, cancellationToken);
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

    // What people entered for another place is of no use any more, and must not be again.
    private static Task ForgetSecretsAsync(CalangoDb db, Guid serverId, string place, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> none = new Dictionary<string, string>();
        return db.Set<PersonalSettings>().Where(settings => settings.ServerId == serverId && settings.Place != place)
            .ExecuteUpdateAsync(set => set.SetProperty(settings => settings.ProtectedSecrets, none), cancellationToken);
    }

    private ToolServer Filled(ToolServer stored, ToolServerInput input)
    {
        var source = SourceOf(stored.PluginId);
        var errors = new Dictionary<string, string>();
        var name = source.HasOneServer ? source.Name : input.Name?.Trim() ?? "";
        if (name.Length is 0 or > ToolServer.MaxNameLength || name.Any(char.IsControl))
        {
            errors["name"] = name.Length == 0 ? "required" : name.Length > ToolServer.MaxNameLength ? "tooLong" : "characters";
        }

        var settings = SettingsCheck.Check(ToolFields.OfAdministrator(source.Settings, input.Values), input.Values, stored.Stored, errors);
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
