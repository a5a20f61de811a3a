using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.History;

/// <summary>The list of chats.</summary>
public sealed class Index(Viewer viewer, Conversations conversations) : PageModel
{
    /// <summary>How many are fetched at once.</summary>
    public const int PageSize = 40;

    /// <summary>What is shown.</summary>
    public ConversationList List { get; private set; } = null!;

    /// <summary>Shows the newest, or those before a place.</summary>
    public async Task<IActionResult> OnGetAsync(string? before, CancellationToken cancellationToken)
    {
        var cursor = ConversationCursor.Parse(before);
        var page = await conversations.ListAsync(viewer.AccountId, cursor, PageSize, cancellationToken);
        List = new ConversationList(page, cursor?.ActiveAt, Current(Request));
        return Request.IsHtmx() ? Partial("_Conversations", List) : Page();
    }

    // htmx says which page it is on.
    private static Guid? Current(HttpRequest request) =>
        Uri.TryCreate(request.Headers["HX-Current-URL"], UriKind.Absolute, out var url) && Guid.TryParse(url.Segments[^1], out var id) ? id : null;
}

/// <summary>A part of the list of chats.</summary>
/// <param name="Page">The chats.</param>
/// <param name="PeriodBefore">The time of the chat above the first, whose heading needn't be repeated.</param>
/// <param name="Current">The chat that is open.</param>
public sealed record ConversationList(ConversationPage Page, DateTimeOffset? PeriodBefore, Guid? Current);
