using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.History;

/// <summary>Deleted chats, until they are gone for good.</summary>
public sealed class Trash(Viewer viewer, ConversationLists lists, ChatTrash trash) : PageModel
{
    /// <summary>What is shown.</summary>
    public ConversationPage List { get; private set; } = null!;

    /// <summary>For how many days a deleted chat can be brought back.</summary>
    public int DaysKept => trash.Kept.Days;

    /// <summary>Shows the last deleted, or those before a place.</summary>
    public async Task<IActionResult> OnGetAsync(string? before, CancellationToken cancellationToken)
    {
        List = await lists.TrashAsync(viewer.AccountId, ConversationCursor.Parse(before), Index.PageSize, cancellationToken);
        return Request.IsHtmx() ? Partial("_Trash", this) : Page();
    }

    /// <summary>Empties it.</summary>
    public async Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken)
    {
        await trash.EmptyAsync(viewer.AccountId, cancellationToken);
        return this.Go("/conversations/trash");
    }

    /// <summary>When a deleted chat goes for good.</summary>
    public DateTimeOffset GoesAt(ConversationItem chat) => chat.DeletedAt!.Value + trash.Kept;
}
