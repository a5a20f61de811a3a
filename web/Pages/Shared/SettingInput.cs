using Calango.Core.Tools;
using Calango.Sdk;

namespace Calango.Web.Pages.Shared;

/// <summary>A field of a plugin's settings, as a form shows it.</summary>
/// <param name="PluginId">The plugin: the prefix of its locale keys.</param>
/// <param name="Field">The field.</param>
/// <param name="Entered">What was entered or is stored.</param>
/// <param name="Error">The code of what is wrong; null: nothing.</param>
/// <param name="IsStored">A secret is stored.</param>
public sealed record SettingInput(string PluginId, SettingField Field, string? Entered, string? Error, bool IsStored)
{
    /// <summary>Whether it asks whose value counts of the field before it.</summary>
    public bool IsWhose => ToolFields.IsWhose(Field);

    /// <summary>What it shows: never a secret.</summary>
    public string? Value => Field.Kind == SettingKind.Secret ? null : Entered;
}
