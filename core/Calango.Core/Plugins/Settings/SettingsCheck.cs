using System.Globalization;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>Checks what was entered for a plugin's settings against their fields.</summary>
internal static class SettingsCheck
{
    // For a value that no field takes: what is misspelled must not be lost in silence.
    private const string UnknownField = "unknown";

    private const int MaxValueLength = 4000;

    /// <summary>What is to be stored.</summary>
    /// <param name="fields">The plugin's fields.</param>
    /// <param name="values">As entered, by field name.</param>
    /// <param name="stored">What is there already; null: nothing.</param>
    /// <param name="errors">Gets the code of what was refused, by field name; a sentence is the locale key <c>invalid.{code}</c>.</param>
    public static CheckedSettings Check(
        IReadOnlyList<SettingField> fields, IReadOnlyDictionary<string, string?> values, StoredSettings? stored, Dictionary<string, string> errors)
    {
        foreach (var unknown in values.Keys.Except(fields.Select(field => field.Name)))
        {
            errors[unknown] = UnknownField;
        }

        var entered = fields.ToDictionary(field => field.Name, field => Normalize(field, values.GetValueOrDefault(field.Name)));
        var keepsSecrets = stored is not null && !fields.Any(field => field.ClearsSecrets && Differs(field, entered[field.Name], stored));
        foreach (var field in fields)
        {
            var isStored = field.Kind == SettingKind.Secret && keepsSecrets && stored!.ProtectedSecrets.ContainsKey(field.Name);
            if (CodeOf(field, entered[field.Name], isStored) is { } code)
            {
                errors[field.Name] = code;
            }
        }

        return new CheckedSettings(Entered(field => field.Kind != SettingKind.Secret), Entered(field => field.Kind == SettingKind.Secret), keepsSecrets);

        Dictionary<string, string> Entered(Func<SettingField, bool> which) =>
            fields.Where(field => which(field) && entered[field.Name].Length > 0).ToDictionary(field => field.Name, field => entered[field.Name]);
    }

    /// <summary>The code of what is wrong with a value; null: nothing.</summary>
    public static string? CodeOf(SettingField field, string value, bool isStored)
    {
        if (value.Length == 0)
        {
            return field.Required && field.Default is null or "" && !isStored ? "required" : null;
        }

        return value.Length > MaxValueLength ? "tooLong" : field.Kind switch
        {
            SettingKind.Address => IsAddress(value) ? null : "address",
            SettingKind.Number => NumberCode(field, value),
            SettingKind.Choice => field.Choices.Contains(value) ? null : "choice",
            SettingKind.Toggle => value is "true" or "false" ? null : "toggle",
            // A control character could end the header that carries it.
            _ => value.Any(char.IsControl) ? "characters" : null,
        };
    }

    // What an HTML form sends for a ticked box is "on".
    private static string Normalize(SettingField field, string? value) =>
        field.Kind == SettingKind.Toggle ? (value is "on" or "true" ? "true" : value is null or "" ? "false" : value) : value?.Trim() ?? "";

    private static bool Differs(SettingField field, string entered, StoredSettings stored)
    {
        var before = stored.Settings.GetValueOrDefault(field.Name) is { Length: > 0 } value ? value : field.Default ?? "";
        return !string.Equals(entered.Length > 0 ? entered : field.Default ?? "", before, StringComparison.Ordinal);
    }

    private static bool IsAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0;

    private static string? NumberCode(SettingField field, string value) =>
        !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) ? "number"
        : field.IsWhole && !int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? "whole"
        : number < field.Minimum || number > field.Maximum ? "range"
        : null;
}

/// <summary>Input that was found good.</summary>
/// <param name="Settings">What is stored in clear.</param>
/// <param name="NewSecrets">Secrets entered now, in clear.</param>
/// <param name="KeepsSecrets">Whether stored secrets stay.</param>
internal sealed record CheckedSettings(IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> NewSecrets, bool KeepsSecrets);
