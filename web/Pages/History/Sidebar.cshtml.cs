using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.History;

/// <summary>What the sidebar has below its search: read anew when chats changed, and on when somebody comes to its end.</summary>
public sealed class Sidebar(Viewer viewer, ConversationLists lists, Core.Chat.Folders folders) : PageModel
{
    /// <summary>How many are fetched at once.</summary>
    public const int PageSize = 40;

    /// <summary>How many of a folder are fetched at once.</summary>
    public const int FolderPageSize = 20;

    /// <summary>Shows all from the top, or what comes after a place, of a folder or outside of any.</summary>
    public async Task<IActionResult> OnGetAsync(string? before, Guid? folder, CancellationToken cancellationToken)
    {
        if (!Request.IsHtmx())
        {
            return LocalRedirect("/conversations");
        }

        if (ConversationCursor.Parse(before) is not { } cursor)
        {
            return Partial("_Sidebar", await SidebarView.ReadAsync(lists, folders, viewer.AccountId, Request.CurrentChat(), cancellationToken));
        }

        if (folder is { } id)
        {
            var inside = await folders.FindAsync(viewer.AccountId, id, cancellationToken);
            var more = await lists.ListAsync(viewer.AccountId, new ConversationFilter(ChatShelf.Loose, id), cursor, FolderPageSize, cancellationToken);
            return Partial("_FolderChats", new FolderBranch(inside, [], new ConversationList(more, cursor.At, Request.CurrentChat())));
        }

        var page = await lists.ListAsync(viewer.AccountId, new ConversationFilter(ChatShelf.Loose), cursor, PageSize, cancellationToken);
        return Partial("_Conversations", new ConversationList(page, cursor.At, Request.CurrentChat()));
    }
}

/// <summary>What the sidebar shows of chats.</summary>
/// <param name="Pinned">Those that stand above the others.</param>
/// <param name="Folders">The folders that lie in no other, with what lies in them.</param>
/// <param name="Rest">The others, by when somebody last wrote in them.</param>
public sealed record SidebarView(IReadOnlyList<ConversationItem> Pinned, IReadOnlyList<FolderBranch> Folders, ConversationList Rest)
{
    /// <summary>Reads it.</summary>
    public static async Task<SidebarView> ReadAsync(ConversationLists lists, Core.Chat.Folders folders, Guid accountId, Guid? current, CancellationToken cancellationToken)
    {
        var rest = await lists.ListAsync(accountId, new ConversationFilter(ChatShelf.Loose), before: null, Sidebar.PageSize, cancellationToken);
        var branches = await FolderBranch.ReadAsync(lists, await folders.TreeAsync(accountId, cancellationToken), parent: null, current, cancellationToken);
        return new SidebarView(await lists.PinnedAsync(accountId, cancellationToken), branches, new ConversationList(rest, PeriodBefore: null, current));
    }
}

/// <summary>A part of the list of chats.</summary>
/// <param name="Page">The chats.</param>
/// <param name="PeriodBefore">The time of the chat above the first, whose heading needn't be repeated.</param>
/// <param name="Current">The chat that is open.</param>
public sealed record ConversationList(ConversationPage Page, DateTimeOffset? PeriodBefore, Guid? Current);
