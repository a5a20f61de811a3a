using System.Collections.Concurrent;
using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Web.Exchange;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Exchange;

/// <summary>The viewer's chats, or some of them, as an archive.</summary>
public sealed class Export(IServiceProvider services, Viewer viewer, RequestAudit audit) : PageModel
{
    // Each reads all that somebody has: one at a time for each person and replica.
    private static readonly ConcurrentDictionary<Guid, bool> Busy = new();

    /// <summary>Sends it as it is read.</summary>
    public async Task<IActionResult> OnGetAsync([FromQuery] string? format, [FromQuery(Name = "chat")] Guid[] chats)
    {
        if (!Busy.TryAdd(viewer.AccountId, true))
        {
            throw new RejectedException("data.busy");
        }

        try
        {
            await audit.WriteAsync(AuditActs.ChatsExported, format ?? "");
            await services.GetRequiredService<ChatDownloads>().SendAllAsync(viewer.AccountId, chats, format, HttpContext);
            return new EmptyResult();
        }
        finally
        {
            Busy.TryRemove(viewer.AccountId, out _);
        }
    }
}
