namespace Calango.Sdk;

/// <summary>
/// Put on a property of a settings record: the host draws the form, validates, masks and encrypts from it. Property
/// types: <see cref="string"/>, <see cref="int"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="Uri"/>, or a
/// nullable of these.
/// </summary>
/// <param name="kind">How it is asked for.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(SettingKind kind) : Attribute
{
    /// <summary>How it is asked for.</summary>
    public SettingKind Kind { get; } = kind;

    /// <summary>Whether an empty value is refused.</summary>
    public bool Required { get; init; }

    /// <summary>The value of a new connection.</summary>
    public string? Default { get; init; }

    /// <summary>The values of a <see cref="SettingKind.Choice"/>.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>The smallest number.</summary>
    public double Minimum { get; init; } = double.MinValue;

    /// <summary>The largest number.</summary>
    public double Maximum { get; init; } = double.MaxValue;

    /// <summary>The secret is cleared when this setting changes, so that a key is never sent to an address it was not entered for.</summary>
    public bool ClearsSecrets { get; init; }

    /// <summary>Who enters it. Another than an administrator only in the settings of an <see cref="IToolSource"/>.</summary>
    public SettingLevel Level { get; init; }
}

/// <summary>Who enters a setting.</summary>
public enum SettingLevel
{
    /// <summary>An administrator, for everybody.</summary>
    Administrator,

    /// <summary>Each person, for themselves: treat it as a stranger's word. An address of theirs is read with <see cref="IPluginHttp.ReadPublicAsync"/> only.</summary>
    Person,

    /// <summary>
    /// An administrator, who says of each server whether their value is for everybody, whether each person needs one of their
    /// own, or whether whoever has one of their own uses that instead.
    /// </summary>
    Either,
}

/// <summary>How a setting is asked for and kept.</summary>
public enum SettingKind
{
    /// <summary>One line of text.</summary>
    Text,

    /// <summary>An absolute http or https address.</summary>
    Address,

    /// <summary>Encrypted at rest, write-only: never shown again.</summary>
    Secret,

    /// <summary>A number between minimum and maximum.</summary>
    Number,

    /// <summary>One of a list.</summary>
    Choice,

    /// <summary>On or off.</summary>
    Toggle,
}
