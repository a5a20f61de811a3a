using Calango.Core.Sharing;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Sharing;

/// <summary>Makes a chat of the viewer's own out of one that somebody shares. Whoever has not signed in comes here by way of that.</summary>
public sealed class Copy(SharedChats chats, SharedCopies copies, Viewer viewer) : PageModel
{
    /// <summary>What the link holds.</summary>
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    /// <summary>What is shared.</summary>
    public SharedChat Chat { get; private set; } = null!;

    /// <summary>Finds it for every handler; a browser that has not entered its password does so first.</summary>
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var cancelled = HttpContext.RequestAborted;
        Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        var share = await chats.FindAsync(Token, cancelled);
        if (!chats.IsOpen(share, BriefCookie.Share.Read(HttpContext)))
        {
            context.Result = LocalRedirect($"/s/{Token}");
            return;
        }

        Chat = await chats.ReadAsync(share, cancelled);
        await next();
    }

    /// <summary>Asks.</summary>
    public void OnGet()
    {
        // All is found.
    }

    /// <summary>Makes it, and goes there.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) => LocalRedirect($"/chat/{await copies.CopyAsync(viewer.AccountId, Chat, cancellationToken)}");
}
