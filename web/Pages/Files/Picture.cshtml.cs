using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Files;

/// <summary>A picture among the viewer's files.</summary>
public sealed class Picture(ChatPictures pictures, Viewer viewer) : PageModel
{
    /// <summary>Removes it, wherever it is used.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await pictures.ForgetAsync(viewer.AccountId, id, cancellationToken);
        return this.Go("/files");
    }
}
