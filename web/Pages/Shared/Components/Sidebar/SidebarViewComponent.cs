using Calango.Core.Chat;
using Calango.Web.Pages.History;
using Calango.Web.Text;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ViewComponents;

namespace Calango.Web.Pages.Shared.Components.Sidebar;

/// <summary>The sidebar, with the newest chats.</summary>
public sealed class SidebarViewComponent(Viewer viewer, ConversationLists lists, Core.Chat.Folders folders) : ViewComponent
{
    /// <summary>Collects them.</summary>
    public async Task<IViewComponentResult> InvokeAsync()
    {
        if (viewer.LacksSecondStep)
        {
            // Its column stays, and what they have is not for them yet.
            return new HtmlContentViewComponentResult(new HtmlString("""<div id="sidebar" class="sidebar"></div>"""));
        }

        var current = Guid.TryParse(RouteData.Values["id"] as string, out var id) ? id : (Guid?)null;
        return View(await SidebarView.ReadAsync(lists, folders, viewer.AccountId, current, HttpContext.RequestAborted));
    }
}
