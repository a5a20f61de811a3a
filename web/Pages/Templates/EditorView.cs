using Calango.Core.Templates;

namespace Calango.Web.Pages.Templates;

/// <summary>The form in which a template is written.</summary>
/// <param name="Id">The template; null: a new one.</param>
/// <param name="Seen">The version that is changed.</param>
/// <param name="Fields">What is or was entered.</param>
/// <param name="Errors">What is wrong, by field: the end of a key <c>invalid.{error}</c>.</param>
public sealed record EditorView(Guid? Id, int Seen, TemplateFields Fields, IReadOnlyDictionary<string, string> Errors)
{
    /// <summary>Why it is not stored; null: it is, or nobody tried.</summary>
    public string? Refusal { get; init; }

    /// <summary>Where it is sent.</summary>
    public string Action => Id is { } id ? $"/templates/{id}" : "/templates/new";

    /// <summary>Where one gives it up.</summary>
    public string Back => Id is { } id ? $"/templates/{id}" : "/templates";

    /// <summary>The variables as a form would ask for them.</summary>
    public ValuesView Preview => new("preview", [.. Fields.ToContent([]).Variables]);

    /// <summary>What was entered, and what is wrong with it.</summary>
    public static EditorView Of(Guid? id, int seen, IFormCollection form)
    {
        var fields = TemplateFields.Read(form);
        var errors = new Dictionary<string, string>();
        foreach (var fault in TemplateRules.Check(fields.ToContent(errors)))
        {
            errors.TryAdd(fault.Field, fault.Code);
        }

        return new EditorView(id, seen, fields, errors);
    }
}

/// <summary>The form in which values are filled in.</summary>
/// <param name="Place">Where on the page: the beginning of its ids.</param>
/// <param name="Variables">What is asked for.</param>
public sealed record ValuesView(string Place, IReadOnlyList<TemplateVariable> Variables)
{
    /// <summary>What was filled in; where it says nothing of a variable, its default counts.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>What is wrong, by variable: the end of a key <c>invalid.{error}</c>.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>What a field shows.</summary>
    public string ValueOf(TemplateVariable variable) => Values.GetValueOrDefault(variable.Name) ?? variable.Default;
}
