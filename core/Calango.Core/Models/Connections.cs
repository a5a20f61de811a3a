namespace Calango.Core.Models;

/// <summary>The connections to model services. Thread-safe.</summary>
public sealed class Connections
{
    /// <summary>All, in their order.</summary>
    public Task<IReadOnlyList<Connection>> ListAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One; null: there is none with this id.</summary>
    public Task<Connection?> FindAsync(Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Adds one at the end.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    public Task<Connection> AddAsync(ConnectionInput input, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Changes one. Its provider stays.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    public Task UpdateAsync(Guid id, ConnectionInput input, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Removes one with its secrets and prices. Chats that used it keep its id. Removing twice is fine.</summary>
    public Task RemoveAsync(Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Tries settings without storing them.</summary>
    public Task<ConnectionTest> TestAsync(Guid? id, ConnectionInput input, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Whether a secret is stored.</summary>
    public bool HasSecret(Connection connection, string field) => connection.ProtectedSecrets.ContainsKey(field);
}
