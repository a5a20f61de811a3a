using Calango.Core.Audit;
using Calango.Core.Templates;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>That a template is there for everybody: whoever runs the server decides that.</summary>
[ServerOnly]
[Authorize(Access.Admin)]
public sealed class Publication(Core.Templates.Templates templates, TemplateSharing sharing, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>It is from now on.</summary>
    public Task<IActionResult> OnPutAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(id, isPublished: true, cancellationToken);

    /// <summary>It is no more.</summary>
    public Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(id, isPublished: false, cancellationToken);

    private async Task<IActionResult> ChangeAsync(Guid id, bool isPublished, CancellationToken cancellationToken)
    {
        var name = (await templates.FindAsync(viewer.AccountId, id, TemplateRight.Use, cancellationToken)).Template.Name;
        await sharing.PublishAsync(viewer.AccountId, id, isPublished, cancellationToken);
        await audit.WriteAsync(isPublished ? AuditActs.TemplatePublished : AuditActs.TemplateWithdrawn, $"{id} {name}");
        // Whoever had seen it by that alone may see it no more.
        return this.Go((await templates.ListAsync(viewer.AccountId, new TemplateQuery(), cancellationToken)).Any(template => template.Id == id) ? $"/templates/{id}" : "/templates");
    }
}
