using Calango.Core.Chat;
using Calango.Web.Pages.History;
using Calango.Web.Text;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ViewComponents;

namespace Calango.Web.Pages.Shared.Components.Sidebar;

/// <summary>The sidebar, with the newest chats.</summary>
public sealed class SidebarViewComponent(Viewer viewer, Conversations conversations) : ViewComponent
{
    /// <summary>Collects them.</summary>
    public async Task<IViewComponentResult> InvokeAsync()
    {
        if (viewer.LacksSecondStep)
        {
            // Its column stays, and what they have is not for them yet.
            return new HtmlContentViewComponentResult(new HtmlString("""<div id="sidebar" class="sidebar"></div>"""));
        }

        var page = await conversations.ListAsync(viewer.AccountId, before: null, History.Index.PageSize, HttpContext.RequestAborted);
        var current = Guid.TryParse(RouteData.Values["id"] as string, out var id) ? id : (Guid?)null;
        return View(new ConversationList(page, null, current));
    }
}
