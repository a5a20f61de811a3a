using Calango.Sdk;

namespace Calango.Plugins.Tools;

/// <summary>How the tools work.</summary>
public sealed record ToolsSettings
{
    /// <summary>How much of a page is read, in characters.</summary>
    [Setting(SettingKind.Number, Default = "40000", Minimum = 1000, Maximum = 45_000)]
    public int PageLength { get; set; } = 40_000;

    /// <summary>Where the person is: an IANA time zone; null: UTC.</summary>
    [Setting(SettingKind.Choice, Level = SettingLevel.Person)]
    public string? TimeZone { get; set; }

    /// <summary>The fields, with the time zones that this machine knows.</summary>
    public static IReadOnlyList<SettingField> Fields() =>
        [.. SettingsSchema.Of<ToolsSettings>().Select(field => field.Kind == SettingKind.Choice ? field with { Choices = Zones() } : field)];

    private static string[] Zones() => [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Append("UTC").Distinct().Order(StringComparer.Ordinal)];
}
