using Calango.Core.Search;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Search;

/// <summary>What was found in titles and messages.</summary>
public sealed class Index(Viewer viewer, MessageSearch search) : PageModel
{
    private const int PageSize = 20;

    private string? next;

    /// <summary>What is looked for.</summary>
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Text { get; set; }

    /// <summary>Where the results go on; null: at the best.</summary>
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    /// <summary>What is looked for, without the spaces around it.</summary>
    public string Query => Text?.Trim() ?? "";

    /// <summary>What was found; null: nothing was asked.</summary>
    public IReadOnlyList<SearchHit>? Hits { get; private set; }

    /// <summary>Where there is more; null: that was all.</summary>
    public string? NextUrl => next is null ? null : $"/search?q={Uri.EscapeDataString(Query)}&after={Uri.EscapeDataString(next)}";

    /// <summary>Looks for it.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (Query.Length > 0)
        {
            var page = await search.FindAsync(viewer.AccountId, Query, After, PageSize, cancellationToken);
            (Hits, next) = (page.Hits, page.Next);
        }

        return !Request.IsHtmx() ? Page() : Partial(After is null ? "_Results" : "_Hits", this);
    }
}
