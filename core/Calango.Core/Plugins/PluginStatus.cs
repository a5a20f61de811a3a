namespace Calango.Core.Plugins;

/// <summary>How a plugin stands, for people.</summary>
/// <param name="Id">From its manifest; the folder's name where that could not be read.</param>
/// <param name="Manifest">Null where it could not be read.</param>
/// <param name="State">Where it is.</param>
/// <param name="Reason">Why it failed, in plain English.</param>
public sealed record PluginStatus(string Id, PluginManifest? Manifest, PluginState State, string? Reason = null);

/// <summary>Where a plugin is.</summary>
public enum PluginState
{
    /// <summary>It serves.</summary>
    Active,

    /// <summary>It could not be loaded.</summary>
    Failed,
}
