using Calango.Core.Webhooks;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account.Webhooks;

/// <summary>A message for one of the viewer's webhooks.</summary>
public sealed class Message(WebhookList list, Viewer viewer) : PageModel
{
    /// <summary>Sends it again, now.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken) =>
        this.Go($"/account/webhooks/{await list.SendAgainAsync(viewer.AccountId, id, cancellationToken)}");
}
