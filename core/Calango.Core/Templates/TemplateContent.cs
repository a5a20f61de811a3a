namespace Calango.Core.Templates;

/// <summary>All of a template that its author writes, and that a version keeps.</summary>
/// <param name="Name">For people.</param>
/// <param name="Text">With variables in braces.</param>
public sealed record TemplateContent(string Name, string Text)
{
    /// <summary>What is typed after a slash to use it; null: it has none.</summary>
    public string? Command { get; init; }

    /// <summary>What it is good for; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>What it belongs to; may be empty.</summary>
    public string Category { get; init; } = "";

    /// <summary>By what it is found besides.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The variables of the text, in its order.</summary>
    public IReadOnlyList<TemplateVariable> Variables { get; init; } = [];

    /// <summary>The same without what nobody sees: spaces at the ends, doubled tags, variables that the text does not have. One that nobody has described is a line of text.</summary>
    public TemplateContent Tidied()
    {
        var declared = Variables.DistinctBy(variable => variable.Name, StringComparer.Ordinal).ToDictionary(variable => variable.Name, StringComparer.Ordinal);
        return this with
        {
            Name = Name.Trim(),
            Text = Text.ReplaceLineEndings("\n").Trim('\n'),
            Command = Command?.Trim().TrimStart('/').ToLowerInvariant() is { Length: > 0 } command ? command : null,
            Description = Description.Trim(),
            Category = Category.Trim(),
            Tags = [.. Tags.Select(tag => tag.Trim()).Where(tag => tag.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)],
            Variables = [.. TemplateText.Names(Text).Select(name => Tidied(declared.GetValueOrDefault(name) ?? new TemplateVariable(name)))],
        };
    }

    /// <inheritdoc/>
    public bool Equals(TemplateContent? other) =>
        other is not null
        && (Name, Text, Command, Description, Category) == (other.Name, other.Text, other.Command, other.Description, other.Category)
        && Tags.SequenceEqual(other.Tags) && Variables.SequenceEqual(other.Variables);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Text, Command);

    // What belongs to another type than the one it has says nothing.
    private static TemplateVariable Tidied(TemplateVariable variable) => variable with
    {
        Default = variable.Type == VariableType.File ? "" : variable.Default.ReplaceLineEndings("\n").Trim(),
        Hint = variable.Hint.Trim(),
        Minimum = variable.Type == VariableType.Number ? variable.Minimum : null,
        Maximum = variable.Type == VariableType.Number ? variable.Maximum : null,
        Choices = variable.Type == VariableType.Choice ? [.. variable.Choices.Select(choice => choice.Trim()).Where(choice => choice.Length > 0).Distinct(StringComparer.Ordinal)] : [],
    };
}
