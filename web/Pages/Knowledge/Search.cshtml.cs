using Calango.Core.Knowledge;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>What a collection gives for a question, and why: all that was looked at, with its scores.</summary>
public sealed class Search(Collections collections, PassageSearch search, PassageIndexes indexes, Viewer viewer) : PageModel
{
    /// <summary>The longest question, in UTF-16 units.</summary>
    public const int MaxLength = 2_000;

    /// <summary>What is asked; null: nothing yet.</summary>
    [FromQuery(Name = "q")]
    public string? Query { get; set; }

    /// <summary>The collection.</summary>
    public CollectionOverview Overview { get; private set; } = null!;

    /// <summary>What was found; null: nothing was asked.</summary>
    public FoundPassages? Found { get; private set; }

    /// <summary>How many of its documents the index of vectors does not have yet.</summary>
    public int NotIndexed { get; private set; }

    /// <summary>Its address.</summary>
    public string Address => $"/knowledge/{Overview.Collection.Id}";

    /// <summary>Where a passage is to be read.</summary>
    public string UrlOf(FoundPassage found) => $"{Address}/documents/{found.Passage.DocumentId}?at={found.Passage.Ordinal}#passage-{found.Passage.Ordinal}";

    /// <summary>Looks.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        Overview = await collections.FindAsync(viewer.AccountId, id, CollectionRight.Read, cancellationToken);
        if (!string.IsNullOrWhiteSpace(Query))
        {
            Query = Query.Length > MaxLength ? Query[..MaxLength] : Query;
            Found = await search.FindAsync([Overview.Collection], Query, cancellationToken);
            NotIndexed = await indexes.MissingAsync(id, cancellationToken);
        }
    }
}
