using System.Text.Json.Serialization;

namespace Calango.Core.Templates;

/// <summary>What somebody fills in before a template is used.</summary>
/// <param name="Name">As it stands in braces in the template's text.</param>
public sealed record TemplateVariable(string Name)
{
    /// <summary>The longest name; what is longer is no variable.</summary>
    public const int MaxNameLength = 40;

    /// <summary>The most choices.</summary>
    public const int MaxChoices = 50;

    /// <summary>The longest choice and the longest hint, in UTF-16 units.</summary>
    public const int MaxLineLength = 200;

    /// <summary>The longest value, in UTF-16 units.</summary>
    public const int MaxValueLength = 100_000;

    /// <summary>What it takes.</summary>
    public VariableType Type { get; init; }

    /// <summary>Whether it must be filled in.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>What the form begins with; empty: nothing.</summary>
    public string Default { get; init; } = "";

    /// <summary>What helps to fill it in; may be empty.</summary>
    public string Hint { get; init; } = "";

    /// <summary>The least number; null: any.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest number; null: any.</summary>
    public double? Maximum { get; init; }

    /// <summary>What can be chosen.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>For people: an underscore stands for the space that a name cannot have.</summary>
    [JsonIgnore]
    public string Label => Name.Replace('_', ' ');

    // A list is equal to itself alone.
    /// <inheritdoc/>
    public bool Equals(TemplateVariable? other) =>
        other is not null
        && (Name, Type, IsRequired, Default, Hint, Minimum, Maximum) == (other.Name, other.Type, other.IsRequired, other.Default, other.Hint, other.Minimum, other.Maximum)
        && Choices.SequenceEqual(other.Choices);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Type, Default);
}

/// <summary>What a variable takes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VariableType>))]
public enum VariableType
{
    /// <summary>One line.</summary>
    Text,

    /// <summary>Several lines.</summary>
    LongText,

    /// <summary>A number.</summary>
    Number,

    /// <summary>One of a list.</summary>
    Choice,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A file: it goes to the chat, and its name into the text.</summary>
    File,
}
