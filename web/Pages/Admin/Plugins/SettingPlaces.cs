using Calango.Core.Events;
using Calango.Core.Plugins;
using Calango.Core.Tools;
using Calango.Sdk;
using Calango.Web.Text;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>Finds where the settings of a plugin are, of whatever kind it is.</summary>
public sealed class SettingPlaces(PluginHost plugins, Core.Models.Connections connections, Core.Tools.ToolServers servers, EventSinks sinks, Core.Files.Storage storage, Core.Knowledge.PassageIndexes indexes, PageText text)
{
    /// <summary>All that a plugin has which serves; none: it has nothing to be set.</summary>
    public async Task<IReadOnlyList<SettingPlace>> OfAsync(string pluginId, CancellationToken cancellationToken)
    {
        List<SettingPlace> places = [.. await ConnectionsOfAsync(pluginId, cancellationToken), .. await ServersOfAsync(pluginId, cancellationToken)];
        if (sinks.Installed.FirstOrDefault(sink => sink.PluginId == pluginId) is { } sink)
        {
            var stored = await sinks.SettingsOfAsync(pluginId, cancellationToken);
            places.Add(new SettingPlace(sink.Name, $"/plugins/{pluginId}", sink.Settings, stored?.Settings, stored?.ProtectedSecrets.Keys));
        }

        if (storage.Stores.FirstOrDefault(store => store.PluginId == pluginId) is { } store)
        {
            var last = await storage.LastPlaceAsync(pluginId, cancellationToken);
            places.Add(new SettingPlace(text["storage.title"], $"/admin/storage#storage-{pluginId}", store.Settings, last?.Settings, last?.ProtectedSecrets.Keys));
        }

        if (indexes.Installed.FirstOrDefault(index => index.PluginId == pluginId) is { } index)
        {
            var last = await indexes.LastPlaceAsync(pluginId, cancellationToken);
            places.Add(new SettingPlace(text["vectorIndex.title"], $"/admin/index#index-{pluginId}", index.Settings, last?.Settings, last?.ProtectedSecrets.Keys));
        }

        if (plugins.Plugins.Any(plugin => plugin.Id == pluginId && plugin.State == PluginState.Active && plugin.Manifest!.Provides.Contains("local-models")))
        {
            places.Add(new SettingPlace(text["models.local"], "/models/local", [], null, null));
        }

        return places;
    }

    private async Task<IEnumerable<SettingPlace>> ConnectionsOfAsync(string pluginId, CancellationToken cancellationToken)
    {
        var all = await connections.ListAsync(cancellationToken);
        return plugins.Providers.Where(provider => provider.PluginId == pluginId).SelectMany(provider => all
            .Where(connection => connection.ProviderId == provider.Id)
            .Select(connection => new SettingPlace(connection.Name, $"/models/connections/{connection.Id}", provider.Settings, connection.Settings, connection.ProtectedSecrets.Keys))
            .Append(new SettingPlace(text["models.add"], $"/models/connections/new?provider={Uri.EscapeDataString(provider.Id)}", provider.Settings, null, null)));
    }

    private async Task<IEnumerable<SettingPlace>> ServersOfAsync(string pluginId, CancellationToken cancellationToken)
    {
        var all = await servers.ListAsync(cancellationToken);
        return servers.Sources.Where(source => source.PluginId == pluginId).SelectMany(source => all
            .Where(server => server.PluginId == pluginId)
            .Select(server => new SettingPlace(server.Name, $"/tool-servers/{server.Id}", ToolFields.OfAdministrator(source.Settings), server.Settings, server.ProtectedSecrets.Keys))
            .Concat(source.HasOneServer ? [] : [new SettingPlace(text["toolServers.add", ("name", source.Name)], $"/tool-servers/new/{pluginId}", source.Settings, null, null)]));
    }
}

/// <summary>A page that has settings of a plugin.</summary>
/// <param name="Name">For people.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Fields">What can be set there.</param>
/// <param name="Settings">What is stored in clear; null: nothing was stored yet.</param>
/// <param name="Secrets">The names of the secrets that are stored.</param>
public sealed record SettingPlace(string Name, string Url, IReadOnlyList<SettingField> Fields, IReadOnlyDictionary<string, string>? Settings, IEnumerable<string>? Secrets)
{
    /// <summary>The names of the fields for which something is stored that doesn't fit.</summary>
    public IEnumerable<string> Misfits => Settings is null ? [] : SettingsFit.Misfits(Fields, Settings, Secrets ?? []).Keys;

    /// <summary>The same, once a package is in service that is only looked at.</summary>
    public IEnumerable<string> MisfitsOf(IReadOnlyList<DeclaredSetting> declared) => Settings is null ? [] : SettingsFit.Misfits(declared, Settings, Secrets ?? []).Keys;
}
