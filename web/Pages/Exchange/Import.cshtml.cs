using Calango.Core.Audit;
using Calango.Core.Exchange;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Exchange;

/// <summary>A file of chats: what is in it, how far it is, and what has come of it.</summary>
public sealed class Import(ChatImports imports, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>The import.</summary>
    public ChatImport Shown { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        Shown = await imports.FindAsync(viewer.AccountId, id, cancellationToken);
        if (!Request.IsHtmx())
        {
            return Page();
        }

        if (Shown.State == ImportState.Done)
        {
            Response.Trigger("conversations-changed");
        }

        return Partial("_Import", Shown);
    }

    /// <summary>Has it taken in.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        await imports.StartAsync(viewer.AccountId, id, cancellationToken);
        var import = await imports.FindAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.ChatsImported, $"{id} ({import.FileName})");
        return await ChangedAsync(id, cancellationToken);
    }

    /// <summary>Ends it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await imports.CancelAsync(viewer.AccountId, id, cancellationToken);
        return await ChangedAsync(id, cancellationToken);
    }

    private async Task<IActionResult> ChangedAsync(Guid id, CancellationToken cancellationToken) =>
        Request.IsHtmx() ? Partial("_Import", await imports.FindAsync(viewer.AccountId, id, cancellationToken)) : LocalRedirect($"/exchange/imports/{id}");
}
