using System.Security.Cryptography;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tools;

/// <summary>What people enter themselves for servers of tools. Nobody but their own tools ever gets it. Thread-safe.</summary>
public sealed class PersonalToolSettings(Database database, ToolServers servers, AccessLimits limits, IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly SettingSecrets _secrets = new(protection, "Calango.Tools.Personal");

    /// <summary>The servers that are on, that a person may use, and that ask people for something.</summary>
    public async Task<IReadOnlyList<PersonalServer>> ListAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var access = await limits.OfAsync(accountId, cancellationToken);
        var on = (await servers.ListAsync(cancellationToken)).Where(server => server.IsOn && ToolAccess.Allows(access, server)).ToList();
        var stored = await StoredAsync(accountId, on, cancellationToken);
        return [.. on.Select(server => ServerOf(server, stored.GetValueOrDefault(server.Id))).Where(server => server.Fields.Count > 0)];
    }

    /// <summary>One.</summary>
    /// <exception cref="NotFoundException">There is none with this id, or it asks for nothing.</exception>
    public async Task<PersonalServer> FindAsync(Guid accountId, Guid serverId, CancellationToken cancellationToken) =>
        (await ListAsync(accountId, cancellationToken)).FirstOrDefault(server => server.Server.Id == serverId) ?? throw new NotFoundException();

    /// <summary>Those among chosen tools whose servers cannot be used, since they need something that the person has not entered.</summary>
    public async Task<IReadOnlyList<PersonalServer>> LackingAsync(Guid accountId, IReadOnlyCollection<string> chosen, CancellationToken cancellationToken) =>
        chosen.Count == 0 ? [] : [.. (await ListAsync(accountId, cancellationToken)).Where(server => server.Lacks && ToolKeys.HaveAnyOf(chosen, server.Server.Id))];

    /// <summary>Stores what a person entered.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    /// <exception cref="NotFoundException">There is no such server, or it asks for nothing.</exception>
    /// <exception cref="RejectedException"><c>tools.moved</c>: an administrator has changed where it is meanwhile.</exception>
    public async Task SaveAsync(Guid accountId, Guid serverId, PersonalInput input, CancellationToken cancellationToken)
    {
        PersonalSettings saved;
        try
        {
            saved = await SaveOnceAsync(accountId, serverId, input, cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            // Another tab was first: now there is a row to change.
            saved = await SaveOnceAsync(accountId, serverId, input, cancellationToken);
        }

        await servers.CloseAsync(serverId, saved.Id, cancellationToken);
    }

    /// <summary>Forgets what a person entered. Having entered nothing is fine.</summary>
    public async Task RemoveAsync(Guid accountId, Guid serverId, CancellationToken cancellationToken)
    {
        var stored = await database.ReadAsync(
            db => db.Set<PersonalSettings>().SingleOrDefaultAsync(row => row.AccountId == accountId && row.ServerId == serverId, cancellationToken), cancellationToken);
        if (stored is not null)
        {
            await database.WriteAsync(db => db.Set<PersonalSettings>().Where(row => row.Id == stored.Id).ExecuteDeleteAsync(cancellationToken), cancellationToken);
            await servers.CloseAsync(serverId, stored.Id, cancellationToken);
        }
    }

    /// <summary>What a person would have with what they entered; nothing is stored.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: a secret that is kept cannot be read.</exception>
    /// <exception cref="RejectedException"><c>tools.moved</c>: an administrator has changed where it is meanwhile.</exception>
    internal PersonalSettings Try(PersonalServer server, PersonalInput input)
    {
        // Under an id of its own: what is open for the person stays as it is.
        var tried = new PersonalSettings { Id = Guid.CreateVersion7(clock.GetUtcNow()), ServerId = server.Server.Id };
        var settings = Check(server, input, server.Stored);
        var secrets = new Dictionary<string, string>();
        if (settings.KeepsSecrets && server.Stored is { } stored)
        {
            var kept = _secrets.Reveal(OwnerOf(stored), stored.StoredFor(server.Place));
            secrets = stored.StoredFor(server.Place).ProtectedSecrets.Keys.ToDictionary(name => name, name => kept[name]!);
        }

        foreach (var (name, secret) in settings.NewSecrets)
        {
            secrets[name] = secret;
        }

        Fill(tried, server.Place, settings with { NewSecrets = secrets, KeepsSecrets = false });
        return tried;
    }

    /// <summary>What a person has entered, by server.</summary>
    internal async Task<IReadOnlyDictionary<Guid, PersonalSettings>> StoredAsync(Guid accountId, IReadOnlyList<ToolServer> of, CancellationToken cancellationToken) =>
        of.Any(server => servers.PersonalFieldsOf(server).Count > 0)
            ? await database.ReadAsync(db => db.Set<PersonalSettings>().Where(row => row.AccountId == accountId).ToDictionaryAsync(row => row.ServerId, cancellationToken), cancellationToken)
            : new Dictionary<Guid, PersonalSettings>();

    /// <summary>A server as it is for whoever entered something, or nothing.</summary>
    internal PersonalServer ServerOf(ToolServer server, PersonalSettings? stored) => new(
        server, servers.PersonalFieldsOf(server), stored, servers.PlaceOf(server), servers.HostOf(server));

    /// <summary>What its plugin is told of a server.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: a secret cannot be read, or something is not there that the server needs of the person.</exception>
    internal ToolServerSettings SettingsOf(PersonalServer server)
    {
        if (server.Lacks)
        {
            throw new ProviderException(ProviderErrorKind.InvalidSettings);
        }

        var shared = servers.SettingsOf(server.Server);
        var own = server is { Fields.Count: > 0, Stored: { } stored } ? _secrets.Reveal(OwnerOf(stored), stored.StoredFor(server.Place)) : new SettingsValues(StoredSettings.None.Settings);
        var values = new SettingsValues(servers.Merge(server.Server, shared.Values, own));
        return server.Fields.Any(field => own[field.Name] is not null)
            ? new ToolServerSettings(shared.Id, VersionOf(shared.Version, server.Stored!.Version), values) { Person = server.Stored.Id }
            : shared with { Values = values };
    }

    private async Task<PersonalSettings> SaveOnceAsync(Guid accountId, Guid serverId, PersonalInput input, CancellationToken cancellationToken)
    {
        var known = (await FindAsync(accountId, serverId, cancellationToken)).Server;
        return await database.WriteAsync(async db =>
        {
            // As it is now: this process may know it as it was some seconds ago.
            var server = known.IsOnlyOne ? known : await db.Set<ToolServer>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == serverId, cancellationToken) ?? throw new NotFoundException();
            var stored = await db.Set<PersonalSettings>().SingleOrDefaultAsync(row => row.AccountId == accountId && row.ServerId == serverId, cancellationToken);
            var personal = ServerOf(server, stored);
            var settings = Check(personal, input, stored);
            var row = stored ?? db.Add(new PersonalSettings { Id = Guid.CreateVersion7(clock.GetUtcNow()), AccountId = accountId, ServerId = serverId }).Entity;
            Fill(row, personal.Place, settings);
            await db.SaveChangesAsync(cancellationToken);
            return row;
        }, cancellationToken);
    }

    private static CheckedSettings Check(PersonalServer server, PersonalInput input, PersonalSettings? stored)
    {
        if (input.Place != server.Place)
        {
            throw new RejectedException("tools.moved", ("name", server.Server.Name));
        }

        var errors = new Dictionary<string, string>();
        var settings = SettingsCheck.Check(server.Fields, input.Values, stored?.StoredFor(server.Place), errors);
        return errors.Count > 0 ? throw new InvalidInputException(errors) : settings;
    }

    private void Fill(PersonalSettings row, string place, CheckedSettings settings)
    {
        var before = row.StoredFor(place);
        row.Place = place;
        (row.Settings, row.ProtectedSecrets) = (settings.Settings, _secrets.Protect(OwnerOf(row), settings, before));
        row.Version = Guid.CreateVersion7(clock.GetUtcNow());
    }

    // What was entered for one place can be read for no other.
    private static string OwnerOf(PersonalSettings row) => $"{row.Id} {row.Place}";

    private static Guid VersionOf(Guid server, Guid own) => new(SHA256.HashData([.. server.ToByteArray(), .. own.ToByteArray()]).AsSpan(0, 16));
}
