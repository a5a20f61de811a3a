using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>What is known of a provider without calling it.</summary>
/// <param name="Id">As connections name it.</param>
/// <param name="PluginId">The plugin that brings it: the prefix of its locale keys.</param>
/// <param name="Settings">The fields of a connection's form.</param>
/// <param name="Presets">Known services, the default first.</param>
public sealed record ProviderInfo(string Id, string PluginId, IReadOnlyList<SettingField> Settings, IReadOnlyList<ProviderPreset> Presets)
{
    /// <summary>Whether its models can be offered tools.</summary>
    public bool CallsTools { get; init; }

    /// <summary>Whether its services have models that turn texts into vectors.</summary>
    public bool Embeds { get; init; }

    /// <summary>Whether its services have models that judge how well texts answer a question.</summary>
    public bool Reranks { get; init; }
}
