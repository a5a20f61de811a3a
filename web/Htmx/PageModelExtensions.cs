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

    /// <summary>Goes to a page of another site: without htmx by way of this page, since our policy lets no form lead there.</summary>
    public static IActionResult Leave(this PageModel page, Uri address)
    {
        if (page.Request.IsHtmx())
        {
            page.Response.Go(address.AbsoluteUri);
            return page.StatusCode(StatusCodes.Status204NoContent);
        }

        page.Response.Headers["Refresh"] = $"0;url={address.AbsoluteUri}";
        return page.Page();
    }
}
