namespace Calango.Core.Templates;

/// <summary>A template in a list, as somebody who may use it sees it.</summary>
/// <param name="Id">The template.</param>
/// <param name="OwnerId">Whose it is.</param>
/// <param name="Name">For people.</param>
/// <param name="Command">What is typed after a slash; null: nothing.</param>
/// <param name="Description">What it is good for; may be empty.</param>
/// <param name="Category">What it belongs to; may be empty.</param>
/// <param name="Tags">By what it is found besides.</param>
/// <param name="Variables">What is filled in before it is used.</param>
/// <param name="IsPublished">Everybody may use it.</param>
/// <param name="Uses">How often it was used.</param>
/// <param name="Stars">How good people find it, from 1 to 5; null: nobody has said.</param>
/// <param name="Ratings">How many have said.</param>
/// <param name="SavedAt">When it was last saved.</param>
public sealed record TemplateOverview(
    Guid Id, Guid OwnerId, string Name, string? Command, string Description, string Category, IReadOnlyList<string> Tags, IReadOnlyList<TemplateVariable> Variables, bool IsPublished, int Uses, double? Stars,
    int Ratings, DateTimeOffset SavedAt);

/// <summary>A template as somebody who may use it sees it.</summary>
/// <param name="Template">The template.</param>
/// <param name="Right">What they may do with it.</param>
/// <param name="Stars">How good people find it; null: nobody has said.</param>
/// <param name="Ratings">How many have said.</param>
/// <param name="OwnStars">What they have said themselves; null: nothing.</param>
public sealed record TemplateView(Template Template, TemplateRight Right, double? Stars, int Ratings, int? OwnStars);

/// <summary>What a list of templates is asked for.</summary>
/// <param name="Text">Words of the name, the command, the description, the category or the tags; null: any.</param>
/// <param name="Category">Null: any.</param>
/// <param name="Tag">Null: any.</param>
/// <param name="Order">What comes first.</param>
public sealed record TemplateQuery(string? Text = null, string? Category = null, string? Tag = null, TemplateOrder Order = TemplateOrder.Use);

/// <summary>What comes first in a list of templates.</summary>
public enum TemplateOrder
{
    /// <summary>What is used most.</summary>
    Use,

    /// <summary>What people find best.</summary>
    Rating,

    /// <summary>The alphabet.</summary>
    Name,
}
