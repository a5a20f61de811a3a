using Calango.Core.Templates;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>The templates that the viewer may use.</summary>
public sealed class Index(Core.Templates.Templates templates, Viewer viewer) : PageModel
{
    /// <summary>What is searched for.</summary>
    [FromQuery(Name = "q")]
    public string? Query { get; set; }

    /// <summary>The category that is shown; empty: all.</summary>
    [FromQuery(Name = "category")]
    public string? Category { get; set; }

    /// <summary>The tag that is shown; empty: all.</summary>
    [FromQuery(Name = "tag")]
    public string? Tag { get; set; }

    /// <summary>What comes first.</summary>
    [FromQuery(Name = "sort")]
    public TemplateOrder Sort { get; set; }

    /// <summary>The chat that one is wanted for; null: a new one.</summary>
    [FromQuery(Name = "chat")]
    public Guid? Chat { get; set; }

    /// <summary>Those that fit.</summary>
    public IReadOnlyList<TemplateOverview> Shown { get; private set; } = [];

    /// <summary>Whether there are any at all.</summary>
    public bool Has { get; private set; }

    /// <summary>The categories that there are.</summary>
    public IReadOnlyList<string> Categories { get; private set; } = [];

    /// <summary>The tags that there are.</summary>
    public IReadOnlyList<string> Tags { get; private set; } = [];

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var all = await templates.ListAsync(viewer.AccountId, new TemplateQuery(), cancellationToken);
        Has = all.Count > 0;
        Categories = Sorted(all.Select(template => template.Category).Where(category => category.Length > 0));
        Tags = Sorted(all.SelectMany(template => template.Tags));
        Shown = await templates.ListAsync(viewer.AccountId, new TemplateQuery(Query, Category, Tag, Sort), cancellationToken);
    }

    private static IReadOnlyList<string> Sorted(IEnumerable<string> words) =>
        [.. words.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.CurrentCultureIgnoreCase)];
}
