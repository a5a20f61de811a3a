using System.Reflection.Metadata;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A setting that a plugin's code declares, read without running it. What the code makes of it later, such as its choices, isn't known.</summary>
/// <param name="Name">As forms have it.</param>
/// <param name="Kind">How it is asked for.</param>
public sealed record DeclaredSetting(string Name, SettingKind Kind)
{
    /// <summary>Who enters it.</summary>
    public SettingLevel Level { get; init; }

    /// <summary>Whether an empty value is refused.</summary>
    public bool Required { get; init; }

    /// <summary>The value of a new connection.</summary>
    public string? Default { get; init; }

    /// <summary>The smallest number.</summary>
    public double Minimum { get; init; }

    /// <summary>The largest number.</summary>
    public double Maximum { get; init; }

    /// <summary>As a form's field, as far as it is known.</summary>
    internal SettingField Field => new(Name, Kind, Required, Default, [], Minimum, Maximum, ClearsSecrets: false) { Level = Level };

    internal static DeclaredSetting Of(string name, CustomAttributeValue<string> attribute)
    {
        var named = attribute.NamedArguments.ToDictionary(argument => argument.Name!, argument => argument.Value);
        return new DeclaredSetting(name, (SettingKind)(int)attribute.FixedArguments[0].Value!)
        {
            Level = (SettingLevel)(int)(named.GetValueOrDefault(nameof(Level)) ?? 0),
            Required = named.GetValueOrDefault(nameof(Required)) is true,
            Default = named.GetValueOrDefault(nameof(Default)) as string,
            Minimum = named.GetValueOrDefault(nameof(Minimum)) as double? ?? double.MinValue,
            Maximum = named.GetValueOrDefault(nameof(Maximum)) as double? ?? double.MaxValue,
        };
    }
}
