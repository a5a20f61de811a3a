using Calango.Core.Chat;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Folders;

/// <summary>A folder's name.</summary>
public sealed class Name(Viewer viewer, Core.Chat.Folders folders) : PageModel
{
    /// <summary>The folder.</summary>
    public Folder Folder { get; private set; } = null!;

    /// <summary>Asks for another.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) => Folder = await folders.FindAsync(viewer.AccountId, id, cancellationToken);

    /// <summary>Renames it.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, string? name, CancellationToken cancellationToken)
    {
        await folders.RenameAsync(viewer.AccountId, id, name ?? "", cancellationToken);
        return this.FoldersChanged($"/conversations?folder={id}");
    }
}
