using Calango.Core.Plugins;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>The question before a plugin is taken out of service.</summary>
public sealed class Disabling(PluginInstaller installer) : PluginPage(installer);
