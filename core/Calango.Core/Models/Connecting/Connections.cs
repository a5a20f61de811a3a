using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Plugins;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Models;

/// <summary>The connections to model services. Thread-safe.</summary>
public sealed class Connections
{
    private readonly Database _database;
    private readonly PluginHost _plugins;
    private readonly ConnectionSecrets _secrets;
    private readonly ModelListing _listing;
    private readonly TimeProvider _clock;
    private readonly CachedRows<Connection> _rows;

    internal Connections(Database database, PluginHost plugins, ConnectionSecrets secrets, ModelListing listing, TimeProvider clock)
    {
        (_database, _plugins, _secrets, _listing, _clock) = (database, plugins, secrets, listing, clock);
        _rows = new CachedRows<Connection>(ReadAsync, clock);
    }

    /// <summary>All, in their order. The same list object as before, where nothing changed since.</summary>
    public ValueTask<IReadOnlyList<Connection>> ListAsync(CancellationToken cancellationToken) => _rows.ListAsync(cancellationToken);

    /// <summary>One; null: there is none with this id.</summary>
    public async Task<Connection?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(connection => connection.Id == id);

    /// <summary>The provider that a connection names; null: no plugin that serves has it.</summary>
    public ProviderInfo? ProviderOf(string providerId) =>
        providerId == LocalModelsBridge.ProviderId ? LocalModelsBridge.Info : _plugins.FindProvider(providerId);

    /// <summary>Adds one at the end.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    public async Task<Connection> AddAsync(ConnectionInput input, CancellationToken cancellationToken)
    {
        var checkedInput = ConnectionCheck.Check(input, ProviderOf(input.ProviderId), stored: null);
        var id = Guid.CreateVersion7(_clock.GetUtcNow());
        var secrets = _secrets.Protect(id, checkedInput.Settings, new Dictionary<string, string>());
        return await ChangeAsync(
            async db =>
            {
                var connection = new Connection
                {
                    Id = id,
                    ProviderId = input.ProviderId,
                    Position = await db.Set<Connection>().MaxAsync(other => (int?)other.Position + 1, cancellationToken) ?? 0,
                    CreatedAt = _clock.GetUtcNow(),
                };
                Fill(connection, input, checkedInput, secrets);
                db.Add(connection);
                await db.SaveChangesAsync(cancellationToken);
                return connection;
            },
            cancellationToken);
    }

    /// <summary>Changes one. Its provider stays.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public Task UpdateAsync(Guid id, ConnectionInput input, CancellationToken cancellationToken) => ChangeAsync(
        async db =>
        {
            var connection = await db.Set<Connection>().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw new NotFoundException();
            var checkedInput = ConnectionCheck.Check(input, ProviderOf(connection.ProviderId), connection);
            Fill(connection, input, checkedInput, _secrets.Protect(id, checkedInput.Settings, connection.ProtectedSecrets));
            await db.SaveChangesAsync(cancellationToken);
            return connection;
        },
        cancellationToken);

    /// <summary>Removes one with its secrets and prices. Chats that used it keep their answers. Removing twice is fine.</summary>
    public Task RemoveAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(
        db => db.Set<Connection>().Where(connection => connection.Id == id).ExecuteDeleteAsync(cancellationToken), cancellationToken);

    /// <summary>
    /// Tries settings without storing them. The stored secret of <paramref name="id"/> is used where none is entered,
    /// unless the address changed.
    /// </summary>
    /// <exception cref="InvalidInputException">A value was refused; nothing was sent.</exception>
    /// <exception cref="NotFoundException">There is no connection with this id.</exception>
    public async Task<ConnectionTest> TestAsync(Guid? id, ConnectionInput input, CancellationToken cancellationToken)
    {
        var stored = id is { } existing ? await FindAsync(existing, cancellationToken) ?? throw new NotFoundException() : null;
        var providerId = stored?.ProviderId ?? input.ProviderId;
        var checkedInput = ConnectionCheck.Check(input, ProviderOf(providerId), stored);
        var tried = new Connection { Id = stored?.Id ?? Guid.Empty, ProviderId = providerId };
        Fill(tried, input, checkedInput, _secrets.Protect(tried.Id, checkedInput.Settings, stored?.ProtectedSecrets ?? new Dictionary<string, string>()));
        return await _listing.TryAsync(tried, cancellationToken);
    }

    /// <summary>Whether a secret is stored.</summary>
    public bool HasSecret(Connection connection, string field) => connection.ProtectedSecrets.ContainsKey(field);

    private Task<IReadOnlyList<Connection>> ReadAsync() => _database.ReadAsync<IReadOnlyList<Connection>>(
        async db => await db.Set<Connection>().OrderBy(connection => connection.Position).ThenBy(connection => connection.Id).ToListAsync(), CancellationToken.None);

    private async Task<T> ChangeAsync<T>(Func<CalangoDb, Task<T>> change, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.WriteAsync(change, cancellationToken);
        }
        finally
        {
            _rows.Drop();
        }
    }

    private static void Fill(Connection connection, ConnectionInput input, CheckedConnection checkedInput, IReadOnlyDictionary<string, string> secrets)
    {
        (connection.Name, connection.PresetId) = (checkedInput.Name, input.PresetId);
        (connection.Limits, connection.Load) = (input.Limits, input.Load);
        (connection.Settings, connection.ProtectedSecrets, connection.Version) = (checkedInput.Settings.Settings, secrets, Guid.CreateVersion7());
    }
}
