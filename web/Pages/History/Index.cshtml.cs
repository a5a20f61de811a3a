using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace Calango.Web.Pages.History;

/// <summary>The chats, all or those of a shelf, with boxes to choose many at once.</summary>
public sealed class Index(Viewer viewer, ConversationLists lists) : PageModel
{
    /// <summary>How many are fetched at once.</summary>
    public const int PageSize = 40;

    /// <summary>Where those stand that are shown.</summary>
    [FromQuery(Name = "show")]
    public ChatShelf Show { get; set; }

    /// <summary>What is shown.</summary>
    public ConversationPage List { get; private set; } = null!;

    /// <summary>The address of the list from its top.</summary>
    public string ListUrl => UrlOf(before: null);

    /// <summary>Where the next part is; null: this is the last.</summary>
    public string? NextUrl => List.Next is { } next ? UrlOf(next.ToString()) : null;

    /// <summary>Those that are put away are shown.</summary>
    public bool IsArchive => Show == ChatShelf.Archived;

    /// <summary>Shows the newest, or those before a place.</summary>
    public async Task<IActionResult> OnGetAsync(string? before, CancellationToken cancellationToken)
    {
        var filter = new ConversationFilter(IsArchive ? ChatShelf.Archived : ChatShelf.Listed);
        List = await lists.ListAsync(viewer.AccountId, filter, ConversationCursor.Parse(before), PageSize, cancellationToken);
        return Request.IsHtmx() ? Partial("_Chats", this) : Page();
    }

    private string UrlOf(string? before)
    {
        var query = new Dictionary<string, string?>();
        if (IsArchive)
        {
            query["show"] = "archived";
        }

        if (before is not null)
        {
            query["before"] = before;
        }

        return QueryHelpers.AddQueryString("/conversations", query);
    }
}
