using Calango.Core.Templates;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>The templates as the composer lists them, the most used first. One that asks for nothing is taken at once.</summary>
public sealed class Commands(Core.Templates.Templates templates, Viewer viewer) : PageModel
{
    /// <summary>They.</summary>
    public IReadOnlyList<TemplateOverview> Shown { get; private set; } = [];

    /// <summary>Lists them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Shown = await templates.ListAsync(viewer.AccountId, new TemplateQuery(), cancellationToken);
}
