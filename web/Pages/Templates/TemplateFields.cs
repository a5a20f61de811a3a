using System.Globalization;
using Calango.Core.Templates;

namespace Calango.Web.Pages.Templates;

/// <summary>What a browser sends of a template's form. Which variables there are, its text says.</summary>
public sealed class TemplateFields
{
    /// <inheritdoc cref="TemplateContent.Name"/>
    public string Name { get; private init; } = "";

    /// <inheritdoc cref="TemplateContent.Command"/>
    public string Command { get; private init; } = "";

    /// <inheritdoc cref="TemplateContent.Description"/>
    public string Description { get; private init; } = "";

    /// <inheritdoc cref="TemplateContent.Category"/>
    public string Category { get; private init; } = "";

    /// <summary>With commas between them.</summary>
    public string Tags { get; private init; } = "";

    /// <inheritdoc cref="TemplateContent.Text"/>
    public string Text { get; private init; } = "";

    /// <summary>The variables of the text.</summary>
    public IReadOnlyList<VariableFields> Variables { get; private init; } = [];

    /// <summary>The form of a template.</summary>
    public static TemplateFields Of(TemplateContent content) => new()
    {
        Name = content.Name,
        Command = content.Command ?? "",
        Description = content.Description,
        Category = content.Category,
        Tags = string.Join(", ", content.Tags),
        Text = content.Text,
        Variables = [.. content.Variables.Select(VariableFields.Of)],
    };

    /// <summary>What was entered.</summary>
    public static TemplateFields Read(IFormCollection form)
    {
        var text = form[nameof(Text)].ToString();
        return new TemplateFields
        {
            Name = form[nameof(Name)].ToString(),
            Command = form[nameof(Command)].ToString(),
            Description = form[nameof(Description)].ToString(),
            Category = form[nameof(Category)].ToString(),
            Tags = form[nameof(Tags)].ToString(),
            Text = text,
            Variables = [.. TemplateText.Names(text).Take(Template.MaxVariables + 1).Select(name => VariableFields.Read(name, form))],
        };
    }

    /// <summary>The template that was entered; <paramref name="wrong"/> says by field what is no number.</summary>
    public TemplateContent ToContent(Dictionary<string, string> wrong) => new TemplateContent(Name, Text)
    {
        Command = Command,
        Description = Description,
        Category = Category,
        Tags = Tags.Split(','),
        Variables = [.. Variables.Select(variable => variable.ToVariable(wrong))],
    }.Tidied();
}

/// <summary>What a browser sends of a variable.</summary>
/// <param name="Name">The variable.</param>
public sealed record VariableFields(string Name)
{
    /// <inheritdoc cref="TemplateVariable.Type"/>
    public VariableType Type { get; private init; }

    /// <inheritdoc cref="TemplateVariable.IsRequired"/>
    public bool IsRequired { get; private init; } = true;

    /// <inheritdoc cref="TemplateVariable.Default"/>
    public string Default { get; private init; } = "";

    /// <inheritdoc cref="TemplateVariable.Hint"/>
    public string Hint { get; private init; } = "";

    /// <inheritdoc cref="TemplateVariable.Minimum"/>
    public string Minimum { get; private init; } = "";

    /// <inheritdoc cref="TemplateVariable.Maximum"/>
    public string Maximum { get; private init; } = "";

    /// <summary>One a line.</summary>
    public string Choices { get; private init; } = "";

    /// <summary>The name of one of its fields.</summary>
    public string Field(string part) => $"Variables[{Name}].{part}";

    internal static VariableFields Of(TemplateVariable variable) => new(variable.Name)
    {
        Type = variable.Type,
        IsRequired = variable.IsRequired,
        Default = variable.Default,
        Hint = variable.Hint,
        Minimum = variable.Minimum?.ToString(CultureInfo.InvariantCulture) ?? "",
        Maximum = variable.Maximum?.ToString(CultureInfo.InvariantCulture) ?? "",
        Choices = string.Join('\n', variable.Choices),
    };

    // Of one that has just been written into the text, nothing is sent yet.
    internal static VariableFields Read(string name, IFormCollection form)
    {
        var fields = new VariableFields(name);
        return form.ContainsKey(fields.Field(nameof(Type)))
            ? fields with
            {
                Type = Enum.TryParse<VariableType>(Sent(nameof(Type)), out var type) && Enum.IsDefined(type) ? type : VariableType.Text,
                IsRequired = form.ContainsKey(fields.Field(nameof(IsRequired))),
                Default = Sent(nameof(Default)),
                Hint = Sent(nameof(Hint)),
                Minimum = Sent(nameof(Minimum)),
                Maximum = Sent(nameof(Maximum)),
                Choices = Sent(nameof(Choices)),
            }
            : fields;

        string Sent(string part) => form[fields.Field(part)].ToString();
    }

    internal TemplateVariable ToVariable(Dictionary<string, string> wrong) => new(Name)
    {
        Type = Type,
        IsRequired = IsRequired,
        Default = Default,
        Hint = Hint,
        Minimum = Number(Minimum, wrong),
        Maximum = Number(Maximum, wrong),
        Choices = Choices.Split('\n'),
    };

    private double? Number(string text, Dictionary<string, string> wrong)
    {
        if (Type != VariableType.Number || string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return number;
        }

        wrong[Name] = "number";
        return null;
    }
}
