using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>What is known of an index of passages without calling it.</summary>
/// <param name="PluginId">The plugin that brings it: the prefix of its locale keys.</param>
/// <param name="Name">For people; not translated.</param>
/// <param name="Settings">The fields of a place's form.</param>
public sealed record PassageIndexInfo(string PluginId, string Name, IReadOnlyList<SettingField> Settings);
