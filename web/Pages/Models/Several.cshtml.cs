using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>The choice of several models, which are asked one question at once.</summary>
public sealed class Several(Viewer viewer, ModelCatalog catalog, Conversations conversations) : PageModel
{
    /// <summary>The chat; null: a new one.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Chat { get; set; }

    /// <summary>The models that chat, by the name of their connection.</summary>
    public IReadOnlyList<IGrouping<string, CatalogModel>> Connections { get; private set; } = [];

    /// <summary>The model that would be asked alone.</summary>
    public ModelRef? Chosen { get; private set; }

    /// <summary>Where the question is sent.</summary>
    public string Action => Chat is { } chat ? $"/chat/{chat}/messages/several" : "/messages/several";

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Connections = [.. (await catalog.ListAsync(viewer.AccountId, cancellationToken)).GroupBy(model => model.ConnectionName)];
        Chosen = Chat is { } chat
            ? (await conversations.FindAsync(viewer.AccountId, chat, cancellationToken) ?? throw new NotFoundException()).Model
            : await conversations.ModelForNewAsync(viewer.AccountId, cancellationToken);
    }
}
