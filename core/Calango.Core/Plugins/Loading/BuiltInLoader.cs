namespace Calango.Core.Plugins;

/// <summary>Loads the plugins that came with the server, all at once.</summary>
internal sealed class BuiltInLoader(CoreOptions options, PluginLoader loader, PluginBoot boot, Culprits culprits)
{
    public async Task<IEnumerable<LoadedPlugin>> LoadAsync()
    {
        string[] folders = Directory.Exists(options.PluginsFolder) ? [.. Directory.GetDirectories(options.PluginsFolder).Order(StringComparer.Ordinal)] : [];
        return (await Task.WhenAll(folders.Select(LoadAsync))).OfType<LoadedPlugin>();
    }

    private async Task<LoadedPlugin?> LoadAsync(string folder)
    {
        PluginManifest? manifest = null;
        try
        {
            manifest = PluginManifest.Read(folder);
            if ((manifest.Hidden && !options.LoadHiddenPlugins) || !boot.LoadsNow(folder, manifest))
            {
                return null;
            }

            using var mark = culprits.MarkStart(manifest.Id, manifest.Version);
            return new LoadedPlugin(manifest.Id, manifest, await loader.LoadAsync(folder, manifest), null);
        }
        catch (PluginRejectedException exception)
        {
            return new LoadedPlugin(manifest?.Id ?? Path.GetFileName(folder), manifest, null, exception.Message);
        }
    }
}

/// <summary>What came of loading a plugin.</summary>
/// <param name="Id">From its manifest; the folder's name where that could not be read.</param>
/// <param name="Manifest">Null where it could not be read.</param>
/// <param name="Generation">Null where it could not be loaded.</param>
/// <param name="Reason">Why not.</param>
internal sealed record LoadedPlugin(string Id, PluginManifest? Manifest, PluginGeneration? Generation, string? Reason);
