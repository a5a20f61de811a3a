using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages;

/// <summary>
/// The document that a diagram is drawn in. Mermaid turns a stranger's text into HTML and needs inline styles, so it runs
/// in an origin of its own: it sees no cookie, no page and no address, and the policy of the pages stays strict.
/// </summary>
public sealed class DiagramModel : PageModel
{
    private const string Policy =
        "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public void OnGet() => Response.Headers.ContentSecurityPolicy = Policy;
}
