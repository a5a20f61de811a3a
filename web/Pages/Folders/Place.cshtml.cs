using Calango.Core.Chat;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Folders;

/// <summary>Where a folder lies.</summary>
public sealed class Place(Viewer viewer, Core.Chat.Folders folders) : PageModel
{
    /// <summary>The folder.</summary>
    public Folder Folder { get; private set; } = null!;

    /// <summary>All folders.</summary>
    public FolderTree Tree { get; private set; } = null!;

    /// <summary>Asks for another place.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        Folder = await folders.FindAsync(viewer.AccountId, id, cancellationToken);
        Tree = await folders.TreeAsync(viewer.AccountId, cancellationToken);
    }

    /// <summary>Puts it there: into a folder or none, before one or last, or a step up or down among those beside it.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, Guid? parent, Guid? before, [FromQuery] int step, CancellationToken cancellationToken)
    {
        await (step != 0 ? folders.StepAsync(viewer.AccountId, id, step, cancellationToken) : folders.MoveAsync(viewer.AccountId, id, parent, before, cancellationToken));
        return this.FoldersChanged($"/conversations?folder={id}");
    }
}
