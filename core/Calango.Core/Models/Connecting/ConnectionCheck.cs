using System.Globalization;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>Checks a connection's input against its provider's fields.</summary>
internal static class ConnectionCheck
{
    // For a value that no field takes: what is misspelled must not be lost in silence.
    private const string UnknownField = "unknown";

    private const int MaxValueLength = 4000;

    /// <summary>What is to be stored.</summary>
    /// <param name="input">As entered.</param>
    /// <param name="provider">Its provider; null: none serves with that id.</param>
    /// <param name="stored">The connection that is changed; null: a new one.</param>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    public static CheckedConnection Check(ConnectionInput input, ProviderInfo? provider, Connection? stored)
    {
        var errors = new Dictionary<string, string>();
        if (provider is null)
        {
            throw new InvalidInputException(new Dictionary<string, string> { ["providerId"] = "provider" });
        }

        var name = input.Name.Trim();
        Refuse(errors, "name", name.Length == 0 ? "required" : name.Length > Connection.MaxNameLength ? "tooLong" : null);
        Refuse(errors, "presetId", input.PresetId.Length == 0 || provider.Presets.Any(preset => preset.Id == input.PresetId) ? null : "choice");
        CheckLimits(input.Limits, errors);
        Refuse(errors, "maxConcurrent", input.Load.MaxConcurrent is null or (>= 1 and <= ConnectionLoad.MaxCalls) ? null : "range");
        Refuse(errors, "pool", input.Load.Pool.Length > Connection.MaxNameLength ? "tooLong" : null);
        foreach (var unknown in input.Values.Keys.Except(provider.Settings.Select(field => field.Name)))
        {
            errors[unknown] = UnknownField;
        }

        var entered = provider.Settings.ToDictionary(field => field.Name, field => Normalize(field, input.Values.GetValueOrDefault(field.Name)));
        var keepsSecrets = stored is not null && !provider.Settings.Any(field => field.ClearsSecrets && Differs(field, entered[field.Name], stored));
        foreach (var field in provider.Settings)
        {
            var isStored = field.Kind == SettingKind.Secret && keepsSecrets && stored!.ProtectedSecrets.ContainsKey(field.Name);
            Refuse(errors, field.Name, CodeOf(field, entered[field.Name], isStored));
        }

        return errors.Count > 0 ? throw new InvalidInputException(errors) : new CheckedConnection(
            name, Entered(field => field.Kind != SettingKind.Secret), Entered(field => field.Kind == SettingKind.Secret), keepsSecrets);

        Dictionary<string, string> Entered(Func<SettingField, bool> which) =>
            provider.Settings.Where(field => which(field) && entered[field.Name].Length > 0).ToDictionary(field => field.Name, field => entered[field.Name]);
    }

    private static void CheckLimits(TimeLimits limits, Dictionary<string, string> errors)
    {
        Refuse(errors, "firstTokenSeconds", InRange(limits.FirstTokenSeconds));
        Refuse(errors, "betweenTokensSeconds", InRange(limits.BetweenTokensSeconds));
        Refuse(errors, "wholeTurnSeconds", InRange(limits.WholeTurnSeconds));

        static string? InRange(int seconds) => seconds is >= 1 and <= TimeLimits.MaxSeconds ? null : "range";
    }

    // What an HTML form sends for a ticked box is "on".
    private static string Normalize(SettingField field, string? value) =>
        field.Kind == SettingKind.Toggle ? (value is "on" or "true" ? "true" : value is null or "" ? "false" : value) : value?.Trim() ?? "";

    private static bool Differs(SettingField field, string entered, Connection stored)
    {
        var before = stored.Settings.GetValueOrDefault(field.Name) is { Length: > 0 } value ? value : field.Default ?? "";
        return !string.Equals(entered.Length > 0 ? entered : field.Default ?? "", before, StringComparison.Ordinal);
    }

    private static string? CodeOf(SettingField field, string value, bool isStored)
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

    private static bool IsAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0;

    private static string? NumberCode(SettingField field, string value) =>
        !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) ? "number"
        : number < field.Minimum || number > field.Maximum ? "range"
        : null;

    private static void Refuse(Dictionary<string, string> errors, string field, string? code)
    {
        if (code is not null)
        {
            errors[field] = code;
        }
    }
}

/// <summary>Input that was found good.</summary>
/// <param name="Name">Trimmed.</param>
/// <param name="Settings">What is stored in clear.</param>
/// <param name="NewSecrets">Secrets entered now, in clear.</param>
/// <param name="KeepsSecrets">Whether stored secrets stay.</param>
internal sealed record CheckedConnection(
    string Name, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> NewSecrets, bool KeepsSecrets);
