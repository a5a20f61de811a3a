using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>
/// Whether values that are stored fit the fields that a version of a plugin declares. What doesn't stays as it is until
/// somebody enters it anew: the version before may come back.
/// </summary>
public static class SettingsFit
{
    // A value in clear where there is a secret now.
    private const string InClear = "inClear";

    /// <summary>What doesn't fit: by field name the code of why, a sentence is the locale key <c>invalid.{code}</c>.</summary>
    /// <param name="fields">The plugin's fields.</param>
    /// <param name="settings">What is stored in clear.</param>
    /// <param name="secrets">The names of the secrets that are stored.</param>
    public static IReadOnlyDictionary<string, string> Misfits(
        IReadOnlyList<SettingField> fields, IReadOnlyDictionary<string, string> settings, IEnumerable<string> secrets)
    {
        var misfits = new Dictionary<string, string>();
        foreach (var field in fields)
        {
            var code = field.Kind == SettingKind.Secret && settings.ContainsKey(field.Name) ? InClear
                : SettingsCheck.CodeOf(field, settings.GetValueOrDefault(field.Name) ?? "", isStored: secrets.Contains(field.Name) && field.Kind == SettingKind.Secret);
            if (code is not null)
            {
                misfits[field.Name] = code;
            }
        }

        return misfits;
    }

    /// <summary>The same for what a package declares that is only looked at.</summary>
    public static IReadOnlyDictionary<string, string> Misfits(
        IReadOnlyList<DeclaredSetting> declared, IReadOnlyDictionary<string, string> settings, IEnumerable<string> secrets) => Misfits(
        // Its choices are known once its code runs; and only people enter what is theirs.
        [.. declared.Where(setting => setting.Level == SettingLevel.Administrator && !(setting.Kind == SettingKind.Choice && settings.ContainsKey(setting.Name))).Select(setting => setting.Field)],
        settings, secrets);
}
