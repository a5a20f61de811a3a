using Calango.Core.Templates;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>The question before a template is removed.</summary>
public sealed class Deletion(Core.Templates.Templates templates, Viewer viewer) : PageModel
{
    /// <summary>The template.</summary>
    public Template Template { get; private set; } = null!;

    /// <summary>Asks.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) =>
        Template = (await templates.FindAsync(viewer.AccountId, id, TemplateRight.Manage, cancellationToken)).Template;
}
