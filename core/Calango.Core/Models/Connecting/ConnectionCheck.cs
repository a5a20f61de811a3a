using Calango.Core.Plugins;

namespace Calango.Core.Models;

/// <summary>Checks a connection's input against its provider's fields.</summary>
internal static class ConnectionCheck
{
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
        var settings = SettingsCheck.Check(
            provider.Settings, input.Values, stored is null ? null : new StoredSettings(stored.Settings, stored.ProtectedSecrets), errors);
        return errors.Count > 0 ? throw new InvalidInputException(errors) : new CheckedConnection(name, settings);
    }

    private static void CheckLimits(TimeLimits limits, Dictionary<string, string> errors)
    {
        Refuse(errors, "firstTokenSeconds", InRange(limits.FirstTokenSeconds));
        Refuse(errors, "betweenTokensSeconds", InRange(limits.BetweenTokensSeconds));
        Refuse(errors, "wholeTurnSeconds", InRange(limits.WholeTurnSeconds));

        static string? InRange(int seconds) => seconds is >= 1 and <= TimeLimits.MaxSeconds ? null : "range";
    }

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
/// <param name="Settings">The provider's settings.</param>
internal sealed record CheckedConnection(string Name, CheckedSettings Settings);
