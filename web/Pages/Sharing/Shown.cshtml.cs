using Calango.Core.Sharing;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Sharing;

/// <summary>A chat that somebody shares, for whoever has the link.</summary>
[EnableRateLimiting(SignInLimit.Shares)]
public sealed class Shown(SharedChats chats, Viewer viewer) : PageModel
{
    /// <summary>How many messages are shown at once.</summary>
    public const int PageSize = 100;

    /// <summary>What the link holds.</summary>
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    /// <summary>How many messages stand before those that are shown.</summary>
    [FromQuery(Name = "from")]
    public int From { get; set; }

    /// <summary>The link.</summary>
    public Share Share { get; private set; } = null!;

    /// <summary>What is shared; null: it takes a password first.</summary>
    public SharedChat? Chat { get; private set; }

    /// <summary>Whether another password was entered.</summary>
    public bool IsWrong { get; private set; }

    /// <summary>Whether the viewer can copy it without signing in first.</summary>
    public bool IsSignedIn => User.Identity?.IsAuthenticated == true;

    /// <summary>The messages that are shown, each with its place.</summary>
    public IEnumerable<(int Index, SharedMessage Message)> Messages => Chat!.Messages.Index().Skip(From).Take(PageSize);

    /// <summary>Shows it, or asks for its password.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        await FindAsync(cancellationToken);
        if (!chats.IsOpen(Share, BriefCookie.Share.Read(HttpContext)))
        {
            return;
        }

        Chat = await chats.ReadAsync(Share, cancellationToken);
        From = Math.Clamp(From, 0, Math.Max(0, Chat.Messages.Count - 1));
        // No other site learns the link from whoever goes there. A page with a form of its own cannot say so: browsers then hide where the form comes from.
        Response.Headers["Referrer-Policy"] = "no-referrer";
        if (From == 0 && HttpMethods.IsGet(Request.Method) && !(IsSignedIn && viewer.AccountId == Share.AccountId))
        {
            await chats.CountAsync(Share, cancellationToken);
        }
    }

    /// <summary>Takes its password.</summary>
    public async Task<IActionResult> OnPostAsync(string? password, CancellationToken cancellationToken)
    {
        await FindAsync(cancellationToken);
        if (chats.PassOf(Share, password ?? "") is { } pass)
        {
            BriefCookie.Share.Keep(HttpContext, pass);
            return LocalRedirect($"/s/{Token}");
        }

        IsWrong = true;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private async Task FindAsync(CancellationToken cancellationToken)
    {
        Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        Share = await chats.FindAsync(Token, cancellationToken);
    }
}
