using Calango.Core.Chat;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Tags;

/// <summary>The viewer's tags.</summary>
public sealed class Index(Viewer viewer, Core.Chat.Tags tags) : PageModel
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<TagUse> All { get; private set; } = [];

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => All = await tags.ListAsync(viewer.AccountId, cancellationToken);

    /// <summary>Makes one.</summary>
    public async Task<IActionResult> OnPostAsync(string? name, TagColor color, CancellationToken cancellationToken)
    {
        await tags.AddAsync(viewer.AccountId, name ?? "", color, cancellationToken);
        return LocalRedirect("/tags");
    }
}
