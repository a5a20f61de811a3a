using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Files;

/// <summary>A document of a chat among the viewer's files.</summary>
public sealed class Document(ChatDocuments documents, Viewer viewer) : PageModel
{
    /// <summary>Takes it away from its chat.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid chatId, Guid id, CancellationToken cancellationToken)
    {
        await documents.RemoveAsync(viewer.AccountId, chatId, id, cancellationToken);
        return this.Go("/files");
    }
}
