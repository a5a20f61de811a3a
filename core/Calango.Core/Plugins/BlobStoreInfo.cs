using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>What is known of a store of blobs without calling it.</summary>
/// <param name="PluginId">The plugin that brings it: the prefix of its locale keys.</param>
/// <param name="Name">For people; not translated.</param>
/// <param name="Settings">The fields of a place's form; none: it has one place, which needs no setting up.</param>
public sealed record BlobStoreInfo(string PluginId, string Name, IReadOnlyList<SettingField> Settings);
