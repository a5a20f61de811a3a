using Calango.Core.Exchange;
using Calango.Web.Exchange;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>A chat as a file.</summary>
public sealed class Export(Viewer viewer, ChatViews views, ChatExport export, IServiceProvider services) : ChatPage(viewer, views)
{
    /// <summary>Hands it out, or asks in which form.</summary>
    public async Task<IActionResult> OnGetAsync([FromQuery] string? format, CancellationToken cancellationToken)
    {
        if (format is null)
        {
            await export.FindAsync(AccountId, ConversationId, cancellationToken);
            return Page();
        }

        await services.GetRequiredService<ChatDownloads>().SendAsync(AccountId, ConversationId, format, HttpContext);
        return new EmptyResult();
    }
}
