using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>What is known of a source of tools without calling it.</summary>
/// <param name="PluginId">The plugin that brings it: the prefix of its locale keys.</param>
/// <param name="Name">For people; not translated.</param>
/// <param name="Settings">The fields of a server.</param>
/// <param name="HasOneServer">Whether there is one server of it, which needs no setting up.</param>
public sealed record ToolSourceInfo(string PluginId, string Name, IReadOnlyList<SettingField> Settings, bool HasOneServer);
