using Calango.Web.Configuration;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages;

/// <summary>What the operator set, for reading: each setting in force, where it comes from and what it does.</summary>
internal sealed class ServerSettings(SettingsInForce settings) : PageModel
{
    /// <summary>The file that was read, or would be.</summary>
    public SettingsFile ReadFrom => settings.File;

    /// <summary>All settings.</summary>
    public IEnumerable<Setting> All => settings.All;

    /// <summary>The line of the file that sets it; null: the file doesn't.</summary>
    public static string? LineOf(Setting setting) => setting.IsDefault || setting.IsOfEnvironment ? null : setting.Origin[(setting.Origin.LastIndexOf(':') + 1)..];
}
