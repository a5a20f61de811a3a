using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace Calango.Web.Pages.History;

/// <summary>The chats, all or those of a shelf, a folder or a tag, with boxes to choose many at once.</summary>
public sealed class Index(Viewer viewer, ConversationLists lists, Core.Chat.Folders folders, Core.Chat.Tags tags) : PageModel
{
    /// <summary>How many are fetched at once.</summary>
    public const int PageSize = 40;

    /// <summary>Where those stand that are shown.</summary>
    [FromQuery(Name = "show")]
    public ChatShelf Show { get; set; }

    /// <summary>The folder that is shown; null: wherever they lie.</summary>
    [FromQuery(Name = "folder")]
    public Guid? FolderId { get; set; }

    /// <summary>The tag that they have; null: whichever they have.</summary>
    [FromQuery(Name = "tag")]
    public Guid? TagId { get; set; }

    /// <summary>What is shown.</summary>
    public ConversationPage List { get; private set; } = null!;

    /// <summary>The tags of those that are shown.</summary>
    public ILookup<Guid, Tag> TagsOf { get; private set; } = null!;

    /// <summary>The folders that there are.</summary>
    public FolderTree Folders { get; private set; } = null!;

    /// <summary>The tags that there are.</summary>
    public IReadOnlyList<TagUse> Tags { get; private set; } = [];

    /// <summary>The address of the list from its top.</summary>
    public string ListUrl => UrlOf(before: null);

    /// <summary>Where the next part is; null: this is the last.</summary>
    public string? NextUrl => List.Next is { } next ? UrlOf(next.ToString()) : null;

    /// <summary>Those that are put away are shown.</summary>
    public bool IsArchive => Show == ChatShelf.Archived;

    /// <summary>Shows the newest, or those before a place.</summary>
    public async Task<IActionResult> OnGetAsync(string? before, CancellationToken cancellationToken)
    {
        _ = FolderId is { } folder ? await folders.FindAsync(viewer.AccountId, folder, cancellationToken) : null;
        _ = TagId is { } tag ? await tags.FindAsync(viewer.AccountId, tag, cancellationToken) : null;
        var filter = new ConversationFilter(IsArchive ? ChatShelf.Archived : ChatShelf.Listed, FolderId, TagId);
        List = await lists.ListAsync(viewer.AccountId, filter, ConversationCursor.Parse(before), PageSize, cancellationToken);
        TagsOf = await tags.OfAsync(viewer.AccountId, List.Items.Select(item => item.Id), cancellationToken);
        Folders = await folders.TreeAsync(viewer.AccountId, cancellationToken);
        if (Request.IsHtmx() && !Request.IsFor("main"))
        {
            return Partial("_Chats", this);
        }

        Tags = await tags.ListAsync(viewer.AccountId, cancellationToken);
        return Page();
    }

    private string UrlOf(string? before)
    {
        var query = new Dictionary<string, string?> { ["show"] = IsArchive ? "archived" : null, ["folder"] = FolderId?.ToString(), ["tag"] = TagId?.ToString(), ["before"] = before };
        return QueryHelpers.AddQueryString("/conversations", query.Where(pair => pair.Value is not null));
    }
}
