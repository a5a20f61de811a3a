using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Folders;

/// <summary>A folder as a whole.</summary>
public sealed class Removal(Viewer viewer, Core.Chat.Folders folders) : PageModel
{
    /// <summary>Goes to the chats in it.</summary>
    public IActionResult OnGet(Guid id) => LocalRedirect($"/conversations?folder={id}");

    /// <summary>Removes it. What lies in it moves to where it lay.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await folders.RemoveAsync(viewer.AccountId, id, cancellationToken);
        return this.FoldersChanged("/conversations");
    }
}
