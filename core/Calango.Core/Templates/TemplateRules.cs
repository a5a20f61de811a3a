using System.Globalization;
using System.Text;
using Calango.Core.Errors;

namespace Calango.Core.Templates;

/// <summary>Something that is wrong with a template, or with what was filled in.</summary>
/// <param name="Field">Where: <c>name</c>, <c>text</c> …, or a variable's name.</param>
/// <param name="Code">The end of the locale keys <c>invalid.{code}</c> and <c>error.template.{code}</c>.</param>
public sealed record TemplateFault(string Field, string Code);

/// <summary>What a template may be, and what its variables take.</summary>
public static class TemplateRules
{
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>What is wrong with a template; nothing: it can be stored.</summary>
    public static IReadOnlyList<TemplateFault> Check(TemplateContent content) =>
    [
        .. Line("name", content.Name, Template.MaxNameLength, isNeeded: true),
        .. content.Command is { } command ? CommandOf(command) : [],
        .. Length("description", content.Description, Template.MaxDescriptionLength),
        .. Line("category", content.Category, Template.MaxTagLength, isNeeded: false),
        .. content.Tags.SelectMany(tag => Line("tags", tag, Template.MaxTagLength, isNeeded: true)).Take(1),
        .. content.Tags.Count > Template.MaxTags ? [new TemplateFault("tags", "tooMany")] : Array.Empty<TemplateFault>(),
        .. string.IsNullOrWhiteSpace(content.Text) ? [new TemplateFault("text", "required")] : Length("text", content.Text, Template.MaxTextLength),
        .. content.Variables.Count > Template.MaxVariables ? [new TemplateFault("text", "tooMany")] : content.Variables.SelectMany(Check),
    ];

    /// <summary>What is wrong with a value of a variable; null: it fits.</summary>
    public static string? Check(TemplateVariable variable, string value) =>
        value.Length == 0 ? variable.IsRequired ? "required" : null
        : value.Length > TemplateVariable.MaxValueLength ? "tooLong"
        : variable.Type switch
        {
            VariableType.Number => !Number(value, out var number) ? "number" : number < variable.Minimum || number > variable.Maximum ? "range" : null,
            VariableType.Choice => variable.Choices.Contains(value, StringComparer.Ordinal) ? null : "choice",
            VariableType.Date => DateOnly.TryParseExact(value, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "date",
            VariableType.Text or VariableType.File => value.Any(char.IsControl) ? "characters" : null,
            _ => null,
        };

    /// <summary>What is wrong with what was filled in, by the names of variables.</summary>
    public static IReadOnlyList<TemplateFault> Check(IReadOnlyList<TemplateVariable> variables, IReadOnlyDictionary<string, string> values) =>
        [.. variables.Select(variable => new TemplateFault(variable.Name, Check(variable, values.GetValueOrDefault(variable.Name, "")) ?? "")).Where(fault => fault.Code.Length > 0)];

    /// <exception cref="RejectedException"><c>template.…</c>: the first that is wrong.</exception>
    internal static void Enforce(IReadOnlyList<TemplateFault> faults)
    {
        if (faults is [var first, ..])
        {
            throw new RejectedException($"template.{first.Code}", ("field", first.Field));
        }
    }

    private static IEnumerable<TemplateFault> Check(TemplateVariable variable)
    {
        var code =
            !Enum.IsDefined(variable.Type) ? "type"
            : variable.Hint.Length > TemplateVariable.MaxLineLength || variable.Choices.Any(choice => choice.Length > TemplateVariable.MaxLineLength) ? "tooLong"
            : !IsText(variable.Hint) || !IsText(variable.Default) || !variable.Choices.All(IsText) || variable.Hint.Any(char.IsControl) || variable.Choices.Any(choice => choice.Any(char.IsControl)) ? "characters"
            : variable.Choices.Count > TemplateVariable.MaxChoices ? "tooMany"
            : variable is { Type: VariableType.Choice, Choices.Count: 0 } ? "choices"
            : variable.Minimum > variable.Maximum ? "bounds"
            : Check(variable with { IsRequired = false }, variable.Default) is not null ? "default"
            : null;
        return code is null ? [] : [new TemplateFault(variable.Name, code)];
    }

    private static IEnumerable<TemplateFault> CommandOf(string command) =>
        command.Length <= Template.MaxCommandLength && command.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_')
            ? [] : [new TemplateFault("command", "command")];

    private static IEnumerable<TemplateFault> Line(string field, string text, int most, bool isNeeded) =>
        text.Length == 0 ? isNeeded ? [new TemplateFault(field, "required")] : []
        : text.Any(char.IsControl) ? [new TemplateFault(field, "characters")]
        : Length(field, text, most);

    private static IEnumerable<TemplateFault> Length(string field, string text, int most) =>
        text.Length > most ? [new TemplateFault(field, "tooLong")]
        : IsText(text) ? []
        : [new TemplateFault(field, "characters")];

    // PostgreSQL stores no NUL, and nobody half a character.
    private static bool IsText(string text)
    {
        for (var index = 0; index < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, index, out var rune) || rune.Value == 0)
            {
                return false;
            }

            index += rune.Utf16SequenceLength;
        }

        return true;
    }

    // As number fields write it, in every language.
    private static bool Number(string value, out double number) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
