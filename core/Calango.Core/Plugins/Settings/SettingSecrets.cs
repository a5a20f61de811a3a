using System.Security.Cryptography;
using Calango.Sdk;
using Microsoft.AspNetCore.DataProtection;

namespace Calango.Core.Plugins;

/// <summary>Encrypts secrets of settings, those of each owner under a purpose of its own, so that one copied to another row is worth nothing.</summary>
/// <param name="protection">The server's keys.</param>
/// <param name="kind">What the owners are.</param>
internal sealed class SettingSecrets(IDataProtectionProvider protection, string kind)
{
    /// <summary>Adds newly entered secrets to the stored ones that are kept.</summary>
    public IReadOnlyDictionary<string, string> Protect(string owner, CheckedSettings input, StoredSettings stored)
    {
        var secrets = input.KeepsSecrets ? stored.ProtectedSecrets.ToDictionary() : [];
        foreach (var (field, secret) in input.NewSecrets)
        {
            secrets[field] = ProtectorOf(owner, field).Protect(secret);
        }

        return secrets;
    }

    /// <summary>All settings of an owner, secrets in clear.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: a secret cannot be read, since the server's keys are not those it was stored with.</exception>
    public SettingsValues Reveal(string owner, StoredSettings stored)
    {
        var values = stored.Settings.ToDictionary();
        foreach (var (field, secret) in stored.ProtectedSecrets)
        {
            try
            {
                values[field] = ProtectorOf(owner, field).Unprotect(secret);
            }
            catch (CryptographicException)
            {
                throw new ProviderException(ProviderErrorKind.InvalidSettings);
            }
        }

        return new SettingsValues(values);
    }

    private IDataProtector ProtectorOf(string owner, string field) => protection.CreateProtector(kind, owner, field);
}
