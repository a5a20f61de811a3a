using Calango.Core.Chat;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Folders;

/// <summary>A folder that is to be made.</summary>
public sealed class New(Viewer viewer, Core.Chat.Folders folders) : PageModel
{
    /// <summary>The folder that it will lie in; null: in none.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Parent { get; set; }

    /// <summary>The folders that there are.</summary>
    public FolderTree Tree { get; private set; } = null!;

    /// <summary>Asks for its name.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Tree = await folders.TreeAsync(viewer.AccountId, cancellationToken);

    /// <summary>Makes it.</summary>
    public async Task<IActionResult> OnPostAsync(string? name, CancellationToken cancellationToken)
    {
        var folder = await folders.AddAsync(viewer.AccountId, name ?? "", Parent, cancellationToken);
        return this.FoldersChanged($"/conversations?folder={folder.Id}");
    }
}
