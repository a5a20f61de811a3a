using Calango.Core.Mail;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Mail;

/// <summary>A message that has not gone.</summary>
[ServerOnly]
public sealed class Message(Outbox outbox) : PageModel
{
    /// <summary>Sends it again, now.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        await outbox.SendAgainAsync(id, cancellationToken);
        return this.Go("/admin/mail");
    }

    /// <summary>Removes it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await outbox.RemoveAsync(id, cancellationToken);
        return this.Go("/admin/mail");
    }
}
