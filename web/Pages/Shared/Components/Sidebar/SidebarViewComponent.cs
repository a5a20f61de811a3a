using Calango.Core.Chat;
using Calango.Web.Pages.History;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Shared.Components.Sidebar;

/// <summary>The sidebar, with the newest chats.</summary>
public sealed class SidebarViewComponent(Viewer viewer, Conversations conversations) : ViewComponent
{
    /// <summary>Collects them.</summary>
    public async Task<IViewComponentResult> InvokeAsync()
    {
        var page = await conversations.ListAsync(viewer.AccountId, before: null, History.Index.PageSize, HttpContext.RequestAborted);
        var current = Guid.TryParse(RouteData.Values["id"] as string, out var id) ? id : (Guid?)null;
        return View(new ConversationList(page, null, current));
    }
}
