using System.Security.Cryptography;
using Calango.Sdk;
using Microsoft.AspNetCore.DataProtection;

namespace Calango.Core.Models;

/// <summary>Encrypts the secrets of a connection under a purpose of its own, so that one copied to another row is worth nothing.</summary>
internal sealed class ConnectionSecrets(IDataProtectionProvider protection)
{
    /// <summary>Adds newly entered secrets to the stored ones that are kept.</summary>
    public IReadOnlyDictionary<string, string> Protect(Guid connectionId, CheckedConnection input, IReadOnlyDictionary<string, string> stored)
    {
        var secrets = input.KeepsSecrets ? stored.ToDictionary() : [];
        foreach (var (field, secret) in input.NewSecrets)
        {
            secrets[field] = ProtectorOf(connectionId, field).Protect(secret);
        }

        return secrets;
    }

    /// <summary>All settings of a connection, secrets in clear.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: a secret cannot be read, since the server's keys are not those it was stored with.</exception>
    public SettingsValues Reveal(Connection connection)
    {
        var values = connection.Settings.ToDictionary();
        foreach (var (field, secret) in connection.ProtectedSecrets)
        {
            try
            {
                values[field] = ProtectorOf(connection.Id, field).Unprotect(secret);
            }
            catch (CryptographicException)
            {
                throw new ProviderException(ProviderErrorKind.InvalidSettings);
            }
        }

        return new SettingsValues(values);
    }

    private IDataProtector ProtectorOf(Guid connectionId, string field) =>
        protection.CreateProtector("Calango.Connections", connectionId.ToString("N"), field);
}
