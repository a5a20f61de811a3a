using System.Globalization;
using System.Reflection;

namespace Calango.Sdk;

/// <summary>
/// One field of a settings form, as data. Its label and help are the plugin's locale keys
/// <c>{pluginId}.settings.{name}.label</c> and <c>{pluginId}.settings.{name}.help</c>.
/// </summary>
/// <param name="Name">The property's name in camelCase.</param>
/// <param name="Kind">How it is asked for.</param>
/// <param name="Required">Whether an empty value is refused.</param>
/// <param name="Default">The value of a new connection.</param>
/// <param name="Choices">The values of a choice.</param>
/// <param name="Minimum">The smallest number.</param>
/// <param name="Maximum">The largest number.</param>
/// <param name="ClearsSecrets">Whether secrets are cleared when it changes.</param>
public sealed record SettingField(
    string Name,
    SettingKind Kind,
    bool Required,
    string? Default,
    IReadOnlyList<string> Choices,
    double Minimum,
    double Maximum,
    bool ClearsSecrets)
{
    /// <summary>Who enters it.</summary>
    public SettingLevel Level { get; init; }

    /// <summary>Whether a number has no fraction.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>Reads the settings fields off a record's attributes, and fills such a record from stored values.</summary>
public static class SettingsSchema
{
    /// <summary>The fields of <typeparamref name="TSettings"/>, in declaration order.</summary>
    public static IReadOnlyList<SettingField> Of<TSettings>() =>
        [.. from property in typeof(TSettings).GetProperties()
            let setting = property.GetCustomAttribute<SettingAttribute>()
            where setting is not null
            select new SettingField(
                NameOf(property), setting.Kind, setting.Required, setting.Default, setting.Choices,
                setting.Minimum, setting.Maximum, setting.ClearsSecrets)
            {
                Level = setting.Level,
                IsWhole = TypeOf(property) == typeof(int),
            }];

    /// <summary>A settings record with the stored values; an absent or empty one keeps the field's default.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: a value is not of its property's type.</exception>
    public static TSettings Bind<TSettings>(SettingsValues values) where TSettings : new()
    {
        var settings = new TSettings();
        foreach (var property in typeof(TSettings).GetProperties())
        {
            if (property.GetCustomAttribute<SettingAttribute>() is not { } setting)
            {
                continue;
            }

            if ((values[NameOf(property)] ?? setting.Default) is { Length: > 0 } value)
            {
                property.SetValue(settings, Parse(property, value));
            }
        }

        return settings;
    }

    private static object Parse(PropertyInfo property, string value)
    {
        var type = TypeOf(property);
        try
        {
            return type == typeof(Uri) ? new Uri(value, UriKind.Absolute) : Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or InvalidCastException)
        {
            throw new ProviderException(ProviderErrorKind.InvalidSettings, NameOf(property));
        }
    }

    private static Type TypeOf(PropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    private static string NameOf(PropertyInfo property) => char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
}
