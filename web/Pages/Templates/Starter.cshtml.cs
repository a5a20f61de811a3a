using Calango.Core.Audit;
using Calango.Core.Templates;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>The templates to begin with, in the viewer's language. Where whoever runs a server adds them, everybody has them.</summary>
public sealed class Starter(TemplateTransfer transfer, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>Adds them.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var publishes = viewer.MayPublish();
        var added = (await transfer.AddStarterSetAsync(viewer.AccountId, viewer.Language, publishes, cancellationToken)).Where(template => template.Outcome == ImportOutcome.Added);
        foreach (var template in publishes ? added : [])
        {
            await audit.WriteAsync(AuditActs.TemplatePublished, template.Name);
        }

        return this.Go("/templates");
    }
}
