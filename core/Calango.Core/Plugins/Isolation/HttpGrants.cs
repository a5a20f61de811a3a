using System.Collections.Concurrent;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>
/// Where an isolated plugin may reach: the hosts that its manifest names, on the public internet only; and, where that says
/// <c>*</c>, the very addresses that an administrator entered into its settings, wherever they lead. Thread-safe.
/// </summary>
internal sealed class HttpGrants(PluginManifest manifest)
{
    private const string Entered = "*";

    private readonly ConcurrentDictionary<string, bool> _entered = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an administrator enters hosts for it.</summary>
    public bool TakesEntered => manifest.Capabilities.Network.Contains(Entered);

    /// <summary>Takes note of the addresses among what an administrator entered.</summary>
    public void Learn(SettingsValues settings)
    {
        if (!TakesEntered)
        {
            return;
        }

        foreach (var name in settings.Names)
        {
            if (Uri.TryCreate(settings[name], UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            {
                _entered[AuthorityOf(address)] = true;
            }
        }
    }

    /// <summary>Whether an administrator entered this address.</summary>
    public bool WasEntered(Uri address) => _entered.ContainsKey(AuthorityOf(address));

    /// <summary>Whether the manifest names its host. A name is meant as it stands: no beginning or end of one will do.</summary>
    public bool IsDeclared(Uri address) => manifest.Capabilities.Network.Any(host =>
        host != Entered && (host.Equals(address.IdnHost, StringComparison.OrdinalIgnoreCase) || host.Equals(address.Authority, StringComparison.OrdinalIgnoreCase)));

    private static string AuthorityOf(Uri address) => $"{address.Scheme}://{address.IdnHost}:{address.Port}";
}
