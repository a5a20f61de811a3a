using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Tags;

/// <summary>A tag: its name and colour, and that it goes.</summary>
public sealed class Edit(Viewer viewer, Core.Chat.Tags tags) : PageModel
{
    /// <summary>The tag.</summary>
    public Tag Tag { get; private set; } = null!;

    /// <summary>Asks for others.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) => Tag = await tags.FindAsync(viewer.AccountId, id, cancellationToken);

    /// <summary>Changes them, on all chats that have it.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, string? name, TagColor color, CancellationToken cancellationToken)
    {
        await tags.ChangeAsync(viewer.AccountId, id, name ?? "", color, cancellationToken);
        return this.Go("/tags");
    }

    /// <summary>Removes it from all chats.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await tags.RemoveAsync(viewer.AccountId, id, cancellationToken);
        return this.Go("/tags");
    }
}
