using Calango.Core.Sharing;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Sharing;

/// <summary>All links with which the viewer shows chats to others.</summary>
public sealed class Links(Shares shares, Viewer viewer) : PageModel
{
    /// <summary>The links, the newest first.</summary>
    public IReadOnlyList<ShareOverview> All { get; private set; } = [];

    /// <summary>Whether chats are shared on this server.</summary>
    public bool IsOn => shares.IsOn;

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => All = await shares.ListAsync(viewer.AccountId, chatId: null, cancellationToken);
}

/// <summary>Links as they are listed.</summary>
/// <param name="Links">They.</param>
/// <param name="Chat">The chat that all of them lead to; null: each says to which.</param>
public sealed record LinkList(IReadOnlyList<ShareOverview> Links, Guid? Chat)
{
    /// <summary>The one that was made just now; null: none was.</summary>
    public Guid? Made { get; init; }

    /// <summary>The address that revokes one.</summary>
    public string UrlOf(ShareOverview share) => Chat is { } chat ? $"/chat/{chat}/shares?share={share.Id}" : $"/shares/{share.Id}";
}
