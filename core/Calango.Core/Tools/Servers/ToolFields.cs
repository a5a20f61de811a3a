using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Calango.Sdk;

namespace Calango.Core.Tools;

/// <summary>Which fields of a server of tools an administrator enters, and which each person.</summary>
public static class ToolFields
{
    /// <summary>Whose value of a field counts that either may enter: the values of the field that asks an administrator so.</summary>
    public const string Everybody = "everybody", Own = "own", OwnFirst = "ownFirst";

    // No plugin's field has a hyphen in its name.
    private const string WhoseEnd = "-of";

    /// <summary>Whether it is the field that asks whose value counts.</summary>
    public static bool IsWhose(SettingField field) => field.Name.EndsWith(WhoseEnd, StringComparison.Ordinal);

    /// <summary>The name of the field of which such a one asks.</summary>
    public static string WhoseIs(SettingField whose) => whose.Name[..^WhoseEnd.Length];

    /// <summary>The fields of an administrator's form. After each that either may enter comes one that asks whose value counts.</summary>
    public static IReadOnlyList<SettingField> OfAdministrator(IReadOnlyList<SettingField> fields) =>
        [.. fields.Where(field => field.Level != SettingLevel.Person).SelectMany(field => field.Level == SettingLevel.Either ? [field, Whose(field)] : new[] { field })];

    /// <summary>The fields of each person's form, with what an administrator entered; none: people are asked for nothing.</summary>
    public static IReadOnlyList<SettingField> OfPerson(IReadOnlyList<SettingField> fields, IReadOnlyDictionary<string, string> settings) =>
        [.. fields.Where(field => IsAsked(field, settings)).Select(field => field.Level == SettingLevel.Person ? field : field with { Default = null, Required = CountsOf(field, settings) == Own })];

    /// <summary>The values that count.</summary>
    internal static Dictionary<string, string> Merge(IReadOnlyList<SettingField> fields, SettingsValues entered, SettingsValues own)
    {
        var whose = entered.Names.ToDictionary(name => name, name => entered[name]!);
        var values = new Dictionary<string, string>();
        foreach (var field in fields)
        {
            var isAsked = IsAsked(field, whose);
            var value = isAsked ? own[field.Name] : entered[field.Name];
            if (value is null && isAsked && CountsOf(field, whose) == OwnFirst)
            {
                value = entered[field.Name];
            }

            if (value is not null)
            {
                values[field.Name] = value;
            }
        }

        return values;
    }

    /// <summary>The fields of an administrator's form, where what only people enter isn't needed.</summary>
    internal static IReadOnlyList<SettingField> OfAdministrator(IReadOnlyList<SettingField> fields, IReadOnlyDictionary<string, string?> entered) => OfAdministrator(
        [.. fields.Select(field => field.Level == SettingLevel.Either && entered.GetValueOrDefault(field.Name + WhoseEnd) == Own ? field with { Required = false } : field)]);

    /// <summary>Stands for where people's secrets go: another one once an administrator changes what decides that.</summary>
    internal static string PlaceOf(IReadOnlyList<SettingField> fields, IReadOnlyDictionary<string, string> settings)
    {
        // Those that are empty say nothing: a later version of the plugin may have more.
        var deciding = fields.Where(field => field.ClearsSecrets && field.Level != SettingLevel.Person)
            .Select(field => new[] { field.Name, settings.GetValueOrDefault(field.Name) ?? field.Default ?? "" }).Where(pair => pair[1].Length > 0).OrderBy(pair => pair[0], StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(deciding, JsonSerializerOptions.Default))));
    }

    private static SettingField Whose(SettingField field) =>
        new(field.Name + WhoseEnd, SettingKind.Choice, Required: false, Everybody, [Everybody, Own, OwnFirst], double.MinValue, double.MaxValue, ClearsSecrets: false);

    private static bool IsAsked(SettingField field, IReadOnlyDictionary<string, string> settings) =>
        field.Level == SettingLevel.Person || (field.Level == SettingLevel.Either && CountsOf(field, settings) != Everybody);

    private static string CountsOf(SettingField field, IReadOnlyDictionary<string, string> settings) => settings.GetValueOrDefault(field.Name + WhoseEnd) ?? Everybody;
}
