using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Htmx;

/// <summary>What pages answer, with htmx and without.</summary>
public static class PageModelExtensions
{
    /// <summary>Goes to another page.</summary>
    public static IActionResult Go(this PageModel page, string url)
    {
        if (!page.Request.IsHtmx())
        {
            return page.LocalRedirect(url);
        }

        page.Response.Go(url);
        return page.StatusCode(StatusCodes.Status204NoContent);
    }
}
