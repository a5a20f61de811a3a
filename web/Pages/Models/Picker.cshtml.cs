using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>The choice of a model: for a new chat, for the next turns of one, or for another answer.</summary>
public sealed class Picker(Viewer viewer, ModelCatalog catalog, Conversations conversations) : PageModel
{
    /// <summary>The chat; null: a new one.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Chat { get; set; }

    /// <summary>The answer beside which another one is wanted; null: the choice is for the next turns.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Answer { get; set; }

    /// <summary>The models, by the name of their connection.</summary>
    public IReadOnlyList<IGrouping<string, CatalogModel>> Connections { get; private set; } = [];

    /// <summary>The model that is chosen now.</summary>
    public ModelRef? Chosen { get; private set; }

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Connections = [.. (await catalog.ListAsync(viewer.AccountId, cancellationToken)).GroupBy(model => model.ConnectionName)];
        if (Chat is { } chat)
        {
            Chosen = (await conversations.FindAsync(viewer.AccountId, chat, cancellationToken) ?? throw new NotFoundException()).Model;
        }
    }
}
