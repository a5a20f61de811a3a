using Calango.Core.Chat;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Folders;

/// <summary>The question before a folder is removed.</summary>
public sealed class Deletion(Viewer viewer, Core.Chat.Folders folders) : PageModel
{
    /// <summary>The folder.</summary>
    public Folder Folder { get; private set; } = null!;

    /// <summary>Asks.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) => Folder = await folders.FindAsync(viewer.AccountId, id, cancellationToken);
}
