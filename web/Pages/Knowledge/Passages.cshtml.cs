using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Knowledge;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>One document, with its passages as they are found and quoted.</summary>
public sealed class Passages(Collections collections, Documents documents, Conversations conversations, Viewer viewer) : PageModel
{
    private const int PageSize = 25;

    /// <summary>The passage that somebody wants to see; null: none in particular.</summary>
    [FromQuery(Name = "at")]
    public int? At { get; set; }

    /// <summary>The ordinal of the passage with which a page begins, where none in particular is wanted.</summary>
    [FromQuery(Name = "from")]
    public int From { get; set; }

    /// <summary>The collection.</summary>
    public CollectionOverview Overview { get; private set; } = null!;

    /// <summary>The chat for which alone the collection is; null: it stands for itself.</summary>
    public Conversation? Chat { get; private set; }

    /// <summary>The document.</summary>
    public Document Document { get; private set; } = null!;

    /// <summary>Its passages on this page.</summary>
    public IReadOnlyList<Passage> Shown { get; private set; } = [];

    /// <summary>The first passage of the page before; null: this is the first.</summary>
    public int? Before { get; private set; }

    /// <summary>The first passage of the next page; null: this is the last.</summary>
    public int? Next { get; private set; }

    /// <summary>Its address.</summary>
    public string Address => $"/knowledge/{Document.CollectionId}/documents/{Document.Id}";

    /// <summary>The viewer may remove it.</summary>
    public bool CanWrite => Overview.Right >= CollectionRight.Write && viewer.Grants.HasFlag(Grants.Chat);

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, Guid documentId, CancellationToken cancellationToken)
    {
        Overview = await collections.FindAsync(viewer.AccountId, id, CollectionRight.Read, cancellationToken);
        if (Overview.Collection.ConversationId is { } chat)
        {
            // One of a chat that was deleted is away with it, though it can still be brought back.
            Chat = await conversations.FindAsync(viewer.AccountId, chat, cancellationToken) ?? throw new NotFoundException();
        }

        Document = await documents.FindAsync(viewer.AccountId, id, documentId, cancellationToken);
        var first = Math.Max(0, At ?? From) / PageSize * PageSize;
        var found = await documents.PassagesAsync(viewer.AccountId, id, documentId, first, PageSize + 1, cancellationToken);
        Shown = [.. found.Take(PageSize)];
        Before = first > 0 ? first - PageSize : null;
        Next = found.Count > PageSize ? first + PageSize : null;
    }

    /// <summary>Removes it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, Guid documentId, CancellationToken cancellationToken)
    {
        await documents.RemoveAsync(viewer.AccountId, id, documentId, cancellationToken);
        return this.Go($"/knowledge/{id}");
    }
}
