using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Folders;

/// <summary>What the pages of folders answer.</summary>
internal static class FolderAnswers
{
    /// <summary>Has the lists read anew, or, without htmx, goes to a page that shows what has changed.</summary>
    public static IActionResult FoldersChanged(this PageModel page, string url)
    {
        if (!page.Request.IsHtmx())
        {
            return page.LocalRedirect(url);
        }

        page.Response.ChatsMoved();
        return new EmptyResult();
    }
}
