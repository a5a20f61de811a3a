using System.Text.Json;
using Calango.Core.Audit;
using Calango.Core.Webhooks;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account.Webhooks;

/// <summary>One of the viewer's webhooks, and what became of the messages for it.</summary>
public sealed class Edit(WebhookList list, Viewer viewer, PageText text, RequestAudit audit) : PageModel
{
    private const int PageSize = 50;

    /// <summary>The last one of the page before; null: this is the first.</summary>
    [FromQuery(Name = "before")]
    public Guid? Before { get; set; }

    /// <summary>The webhook.</summary>
    public Webhook Shown { get; private set; } = null!;

    /// <summary>Its messages, the newest first.</summary>
    public IReadOnlyList<WebhookDelivery> Messages { get; private set; } = [];

    /// <summary>Before which the next page begins; null: there is none.</summary>
    public Guid? Next { get; private set; }

    /// <summary>How the turn ended of which a message tells, and which model it was.</summary>
    public string StateOf(WebhookDelivery message)
    {
        var data = JsonElement.Parse(message.Body).GetProperty("data");
        return text["webhooks.told", ("state", text[$"webhooks.state.{data.GetProperty("state").GetString()}"]), ("model", data.GetProperty("model").GetString() ?? "")];
    }

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        Shown = await list.FindAsync(viewer.AccountId, id, cancellationToken);
        var found = await list.DeliveriesAsync(Shown, Before, PageSize + 1, cancellationToken);
        Messages = [.. found.Take(PageSize)];
        Next = found.Count > PageSize ? Messages[^1].Id : null;
    }

    /// <summary>Removes it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await list.RemoveAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.WebhookRemoved, id.ToString());
        return this.Go("/account/webhooks");
    }
}
