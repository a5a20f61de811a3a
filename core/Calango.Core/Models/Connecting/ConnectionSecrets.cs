using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.AspNetCore.DataProtection;

namespace Calango.Core.Models;

/// <summary>The secrets of connections.</summary>
internal sealed class ConnectionSecrets(IDataProtectionProvider protection)
{
    private readonly SettingSecrets _secrets = new(protection, "Calango.Connections");

    /// <summary>Adds newly entered secrets to the stored ones that are kept.</summary>
    public IReadOnlyDictionary<string, string> Protect(Guid connectionId, CheckedSettings input, IReadOnlyDictionary<string, string> stored) =>
        _secrets.Protect(connectionId.ToString("N"), input, StoredSettings.None with { ProtectedSecrets = stored });

    /// <summary>All settings of a connection, secrets in clear.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: a secret cannot be read, since the server's keys are not those it was stored with.</exception>
    public SettingsValues Reveal(Connection connection) =>
        _secrets.Reveal(connection.Id.ToString("N"), new StoredSettings(connection.Settings, connection.ProtectedSecrets));
}
