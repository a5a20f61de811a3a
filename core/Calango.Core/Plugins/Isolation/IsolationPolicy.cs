using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>Which plugins run in a process of their own: all that nobody here trusts, and those that ask for it.</summary>
internal sealed class IsolationPolicy(Sandbox sandbox)
{
    // Models need processes of their own, and more memory than a sandbox has.
    private const string NotIsolatable = "local-models";

    /// <summary>Why none can be isolated here; null: they can. See <see cref="Sandbox.Refusal"/>.</summary>
    public string? Refusal => sandbox.Refusal;

    /// <summary>Whether it must be isolated.</summary>
    public static bool Demands(PluginManifest manifest, PluginTrustLevel level) => level < PluginTrustLevel.Trusted || manifest.Isolation == PluginManifest.Isolated;

    /// <summary>Whether it is started in a process of its own. One that must be and cannot is refused there, unless somebody accepted the server's.</summary>
    public bool Isolates(PluginManifest manifest, PluginTrustLevel level, bool acceptsInProcess) => Demands(manifest, level) && !(acceptsInProcess && Refusal is not null);

    /// <summary>Whether it can only run here if somebody accepts that it does so in the server's process.</summary>
    public bool NeedsInProcessAccepted(PluginManifest manifest, PluginTrustLevel level) => Demands(manifest, level) && Refusal is not null;

    /// <summary>Whether all that it provides can be had from a process of its own.</summary>
    public static bool CanBeIsolated(PluginManifest manifest) => !manifest.Provides.Contains(NotIsolatable);

    /// <exception cref="RejectedException">It must be isolated, and does what cannot be done there.</exception>
    public void RefuseWhereImpossible(PluginManifest manifest, PluginTrustLevel level)
    {
        if (Demands(manifest, level) && Refusal is null && !CanBeIsolated(manifest))
        {
            throw new RejectedException("plugin.notIsolatable");
        }
    }
}
