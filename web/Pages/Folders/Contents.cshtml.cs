using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Pages.History;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Folders;

/// <summary>What lies in a folder, shown in the sidebar or not.</summary>
public sealed class Contents(Viewer viewer, Core.Chat.Folders folders, ConversationLists lists) : PageModel
{
    /// <summary>Shows it from now on.</summary>
    public Task<IActionResult> OnPutAsync(Guid id, CancellationToken cancellationToken) => ShowAsync(id, isCollapsed: false, cancellationToken);

    /// <summary>Hides it from now on.</summary>
    public Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken) => ShowAsync(id, isCollapsed: true, cancellationToken);

    private async Task<IActionResult> ShowAsync(Guid id, bool isCollapsed, CancellationToken cancellationToken)
    {
        await folders.CollapseAsync(viewer.AccountId, id, isCollapsed, cancellationToken);
        if (!Request.IsHtmx())
        {
            return LocalRedirect($"/conversations?folder={id}");
        }

        var folder = await folders.FindAsync(viewer.AccountId, id, cancellationToken);
        var branch = await FolderBranch.ReadOneAsync(lists, await folders.TreeAsync(viewer.AccountId, cancellationToken), folder, Request.CurrentChat(), cancellationToken);
        return Partial("/Pages/History/_Folder.cshtml", branch);
    }
}
