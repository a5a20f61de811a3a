using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Webhooks;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account.Webhooks;

/// <summary>The addresses that are told of the viewer's turns.</summary>
public sealed class Index(WebhookList list, Viewer viewer, PageText text, RequestAudit audit) : PageModel
{
    /// <summary>What was entered.</summary>
    [BindProperty]
    public string? Address { get; set; }

    /// <summary>All of the viewer's.</summary>
    public IReadOnlyList<WebhookStanding> Webhooks { get; private set; } = [];

    /// <summary>The secret of the one that was just made; it is shown once.</summary>
    public string? Secret { get; private set; }

    /// <summary>What is wrong with the address; null: nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>Why none was made; null: one was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Shows them.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>Makes one.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Error = await list.CheckAsync(Address, cancellationToken);
        if (Error is null)
        {
            try
            {
                var address = new Uri(Address!.Trim());
                Secret = await list.AddAsync(viewer.AccountId, address.AbsoluteUri, cancellationToken);
                // The rest of the address may be as good as a password.
                await audit.WriteAsync(AuditActs.WebhookMade, address.IdnHost);
            }
            catch (RejectedException rejected)
            {
                Refusal = text.Error(Fault.Of(rejected));
            }
        }

        if (Secret is null)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        await ReadAsync(cancellationToken);
        return Page();
    }

    private async Task ReadAsync(CancellationToken cancellationToken) => Webhooks = await list.ListAsync(viewer.AccountId, cancellationToken);
}
