using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Templates;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>How a template was before, and what has changed since.</summary>
public sealed class Versions(Core.Templates.Templates templates, Viewer viewer, PageText text) : PageModel
{
    /// <summary>The template.</summary>
    public Template Template { get; private set; } = null!;

    /// <summary>The versions, the newest first.</summary>
    public IReadOnlyList<TemplateVersion> All { get; private set; } = [];

    /// <summary>The older one of two.</summary>
    public TemplateVersion Before { get; private set; } = null!;

    /// <summary>The newer one.</summary>
    public TemplateVersion After { get; private set; } = null!;

    /// <summary>What has changed beside the text: the locale key of each field, what it was and what it is.</summary>
    public IReadOnlyList<(string Key, string Before, string After)> Fields { get; private set; } = [];

    /// <summary>The lines of both texts.</summary>
    public IReadOnlyList<DiffLine> Lines { get; private set; } = [];

    /// <summary>The viewer may have it say again what it said.</summary>
    public bool CanRollBack => viewer.Grants.HasFlag(Grants.Chat) && (Template.PublishedAt is null || viewer.IsAdmin);

    /// <summary>Shows them, two of them compared.</summary>
    public async Task OnGetAsync(Guid id, [FromQuery] int? from, [FromQuery] int? to, CancellationToken cancellationToken)
    {
        Template = (await templates.FindAsync(viewer.AccountId, id, TemplateRight.Edit, cancellationToken)).Template;
        All = await templates.VersionsAsync(viewer.AccountId, id, cancellationToken);
        After = Find(to) ?? All[0];
        Before = Find(from) ?? All.FirstOrDefault(version => version.Number < After.Number) ?? After;
        Fields = [.. Compared(Before.Content, After.Content).Where(field => field.Before != field.After)];
        Lines = LineDiff.Of(Before.Content.Text, After.Content.Text);
    }

    /// <summary>Has it say again what it said.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, [FromQuery] int number, CancellationToken cancellationToken)
    {
        await templates.RollBackAsync(viewer.AccountId, id, number, viewer.IsAdmin, cancellationToken);
        return this.Go($"/templates/{id}/versions");
    }

    private TemplateVersion? Find(int? number) => number is null ? null : All.FirstOrDefault(version => version.Number == number) ?? throw new NotFoundException();

    private IEnumerable<(string Key, string Before, string After)> Compared(TemplateContent before, TemplateContent after) =>
    [
        ("templates.name", before.Name, after.Name),
        ("templates.command", before.Command ?? "", after.Command ?? ""),
        ("templates.description", before.Description, after.Description),
        ("templates.category", before.Category, after.Category),
        ("templates.tags", string.Join(", ", before.Tags), string.Join(", ", after.Tags)),
        ("templates.variables", Written(before.Variables), Written(after.Variables)),
    ];

    private string Written(IReadOnlyList<TemplateVariable> variables) => string.Join('\n', variables.Select(text.VariableFacts));
}
