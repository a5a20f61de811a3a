using Calango.Core.Templates;

namespace Calango.Web.Api.Templates;

// What /api answers of templates. Members only come along: a program that knows today's goes on working.

/// <summary>A variable of a template.</summary>
/// <param name="Name">As it stands in braces in the text.</param>
/// <param name="Type">What it takes: <c>text</c>, <c>longText</c>, <c>number</c>, <c>choice</c>, <c>date</c> or <c>file</c>.</param>
/// <param name="Required">It must be filled in.</param>
/// <param name="Default">What a form begins with; may be empty.</param>
/// <param name="Hint">What helps to fill it in; may be empty.</param>
/// <param name="Min">The least number; null: any.</param>
/// <param name="Max">The greatest number; null: any.</param>
/// <param name="Choices">What can be chosen.</param>
internal sealed record ApiVariable(string Name, string Type, bool Required, string Default, string Hint, double? Min, double? Max, IReadOnlyList<string> Choices)
{
    public static ApiVariable Of(TemplateVariable variable) => new(
        variable.Name, TemplateFile.NameOf(variable.Type), variable.IsRequired, variable.Default, variable.Hint, variable.Minimum, variable.Maximum, variable.Choices);
}

/// <summary>A template in a list.</summary>
/// <param name="Id">The template.</param>
/// <param name="Name">For people.</param>
/// <param name="Command">What is typed after a slash; null: nothing.</param>
/// <param name="Description">What it is good for; may be empty.</param>
/// <param name="Category">What it belongs to; may be empty.</param>
/// <param name="Tags">By what it is found besides.</param>
/// <param name="Variables">What is filled in.</param>
/// <param name="IsOwn">It is the token's owner's.</param>
/// <param name="IsPublished">Everybody may use it.</param>
/// <param name="Uses">How often it was used.</param>
/// <param name="Stars">How good people find it, 1 to 5; null: nobody has said.</param>
/// <param name="Ratings">How many have said.</param>
/// <param name="SavedAt">When it was last saved.</param>
internal sealed record ApiTemplateItem(
    Guid Id, string Name, string? Command, string Description, string Category, IReadOnlyList<string> Tags, IReadOnlyList<ApiVariable> Variables, bool IsOwn, bool IsPublished, int Uses, double? Stars, int Ratings,
    DateTimeOffset SavedAt)
{
    public static ApiTemplateItem Of(TemplateOverview template, Guid accountId) => new(
        template.Id, template.Name, template.Command, template.Description, template.Category, template.Tags, [.. template.Variables.Select(ApiVariable.Of)], template.OwnerId == accountId, template.IsPublished, template.Uses,
        template.Stars, template.Ratings, template.SavedAt);
}

/// <summary>A template.</summary>
/// <param name="Id">The template.</param>
/// <param name="Name">For people.</param>
/// <param name="Command">What is typed after a slash; null: nothing.</param>
/// <param name="Description">What it is good for; may be empty.</param>
/// <param name="Category">What it belongs to; may be empty.</param>
/// <param name="Tags">By what it is found besides.</param>
/// <param name="Text">With variables in braces.</param>
/// <param name="Variables">The variables of the text, in its order.</param>
/// <param name="Right">What the token's owner may do with it: <c>use</c>, <c>edit</c> or <c>manage</c>.</param>
/// <param name="IsPublished">Everybody may use it.</param>
/// <param name="Version">The number of its version.</param>
/// <param name="Uses">How often it was used.</param>
/// <param name="Stars">How good people find it, 1 to 5; null: nobody has said.</param>
/// <param name="Ratings">How many have said.</param>
/// <param name="SavedAt">When it was last saved.</param>
internal sealed record ApiTemplate(
    Guid Id, string Name, string? Command, string Description, string Category, IReadOnlyList<string> Tags, string Text, IReadOnlyList<ApiVariable> Variables, string Right, bool IsPublished, int Version, int Uses,
    double? Stars, int Ratings, DateTimeOffset SavedAt)
{
    public static ApiTemplate Of(TemplateView view)
    {
        var template = view.Template;
        return new ApiTemplate(
            template.Id, template.Name, template.Command, template.Description, template.Category, template.Tags, template.Text, [.. template.Variables.Select(ApiVariable.Of)],
            view.Right.ToString().ToLowerInvariant(), template.PublishedAt is not null, template.Version, template.Uses, view.Stars, view.Ratings, template.SavedAt);
    }
}

/// <summary>A template to be made, or what is to change in one: what is left out stays as it is.</summary>
/// <param name="Name">For people; of a new one it must be there.</param>
/// <param name="Command">What is typed after a slash; null: nothing.</param>
/// <param name="Description">What it is good for.</param>
/// <param name="Category">What it belongs to.</param>
/// <param name="Tags">By what it is found besides.</param>
/// <param name="Text">With variables in braces; of a new one it must be there.</param>
/// <param name="Variables">What the variables of the text take; one that is not described is a line of text.</param>
/// <param name="Version">The version that was changed: if there is a newer one, nothing is stored. Left out: whichever is there.</param>
internal sealed record ApiTemplateChange(
    string? Name, string? Command, string? Description, string? Category, IReadOnlyList<string>? Tags, string? Text, IReadOnlyList<ApiVariable>? Variables, int? Version);

/// <summary>What a template is filled in with.</summary>
/// <param name="Values">By the names of its variables; of a file the text that stands for it. What is left out begins with what its form would.</param>
internal sealed record ApiTemplateValues(IReadOnlyDictionary<string, string>? Values);

/// <summary>A template that was filled in.</summary>
/// <param name="Text">Its text.</param>
internal sealed record ApiFilledTemplate(string Text);
