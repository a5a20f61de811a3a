using Calango.Core.Plugins;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>A plugin of this server as it is shown.</summary>
/// <param name="Plugin">How it stands.</param>
/// <param name="Update">A newer version in a catalog; null: there is none.</param>
/// <param name="Places">Where its settings are; none: it has none, or doesn't serve.</param>
public sealed record PluginCard(InstalledPluginInfo Plugin, PluginUpdate? Update, IReadOnlyList<SettingPlace> Places);
