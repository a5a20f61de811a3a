using System.Globalization;
using Calango.Core.Chat;
using Calango.Core.Knowledge;
using Calango.Core.Search;
using Calango.Core.Templates;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Palette;

/// <summary>Leads to all that has a name: places, chats, messages, templates and collections.</summary>
public sealed class Index(
    Viewer viewer, PageText text, ConversationLists chats, MessageSearch messages, Core.Templates.Templates templates, Collections collections) : PageModel
{
    private const int MostOfAKind = 6;

    /// <summary>What is looked for.</summary>
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Text { get; set; }

    /// <summary>The places.</summary>
    public IReadOnlyList<Command> Commands { get; private set; } = [];

    /// <summary>The last chats, where nothing is looked for.</summary>
    public IReadOnlyList<ConversationItem> Chats { get; private set; } = [];

    /// <summary>Chats and messages that have the words.</summary>
    public IReadOnlyList<SearchHit> Hits { get; private set; } = [];

    /// <summary>The templates.</summary>
    public IReadOnlyList<TemplateOverview> Templates { get; private set; } = [];

    /// <summary>The collections.</summary>
    public IReadOnlyList<Collection> Collections { get; private set; } = [];

    /// <summary>Nothing has the words.</summary>
    public bool IsEmpty => Commands.Count + Chats.Count + Hits.Count + Templates.Count + Collections.Count == 0;

    /// <summary>Shows what fits, or where one may want to go.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var words = (Text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Commands = [.. Command.For(viewer).Where(command => Has(text[command.Name], words)).Take(words.Length == 0 ? int.MaxValue : MostOfAKind)];
        if (words.Length == 0)
        {
            Chats = (await chats.ListAsync(viewer.AccountId, new ConversationFilter(), null, MostOfAKind, cancellationToken)).Items;
        }
        else
        {
            Hits = (await messages.FindAsync(viewer.AccountId, Text!, SearchFilter.None, null, MostOfAKind, cancellationToken)).Hits;
            Templates = [.. (await templates.ListAsync(viewer.AccountId, new TemplateQuery(Text), cancellationToken)).Take(MostOfAKind)];
            Collections = [.. (await collections.ListAsync(viewer.AccountId, cancellationToken)).Select(overview => overview.Collection).Where(collection => Has(collection.Name, words)).Take(MostOfAKind)];
        }

        return Request.IsFor("palette-list") ? Partial("_List", this) : Page();
    }

    // As people type: without capitals and accents.
    private bool Has(string name, string[] words) =>
        words.All(word => text.Culture.CompareInfo.IndexOf(name, word, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0);
}
