using Calango.Core.Memory;
using Calango.Core.Search;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace Calango.Web.Pages.Search;

/// <summary>What was found in titles and messages.</summary>
public sealed class Index(Viewer viewer, MemorySearch search, MessageSearch words, ChatMemories memories, SearchChoices choices) : PageModel
{
    private const int PageSize = 20;

    private string? next;

    /// <summary>What is looked for.</summary>
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Text { get; set; }

    /// <summary>Where the results go on; null: at the best.</summary>
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    /// <summary>Words alone are looked for: somebody is still typing.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Words { get; set; }

    /// <summary>Where is looked.</summary>
    [BindProperty(SupportsGet = true)]
    public SearchForm Where { get; set; } = new();

    /// <summary>What can be chosen of it.</summary>
    public SearchChoices Choices => choices;

    /// <summary>What is looked for, without the spaces around it.</summary>
    public string Query => Text?.Trim() ?? "";

    /// <summary>What was found; null: nothing was asked.</summary>
    public IReadOnlyList<SearchHit>? Hits { get; private set; }

    /// <summary>What is meant could not be looked for.</summary>
    public bool MeaningIsAway { get; private set; }

    /// <summary>Where the same is looked for by what it means; null: it was, or they do not want that.</summary>
    public string? MeaningUrl { get; private set; }

    /// <summary>Where there is more; null: that was all.</summary>
    public string? NextUrl => next is null ? null : $"{Address}{(Words ? "&words=true" : "")}&after={Uri.EscapeDataString(next)}";

    private string Address => QueryHelpers.AddQueryString("/search", Where.Fields().Prepend(KeyValuePair.Create<string, string?>("q", Query)));

    /// <summary>Looks for it.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var filter = Where.Read(choices.Zone);
        if (Query.Length > 0)
        {
            var page = Words
                ? await words.FindAsync(viewer.AccountId, Query, filter, After, PageSize, cancellationToken)
                : await search.FindAsync(viewer.AccountId, Query, filter, After, PageSize, cancellationToken);
            (Hits, next, MeaningIsAway) = (page.Hits, page.Next, page.MeaningIsAway);
            MeaningUrl = Words && await memories.FindAsync(viewer.AccountId, cancellationToken) is not null ? Address : null;
        }

        if (!Request.IsHtmx())
        {
            await choices.ReadAsync(viewer.AccountId, cancellationToken);
        }

        return !Request.IsHtmx() ? Page() : Partial(After is null ? "_Results" : "_Hits", this);
    }
}
