using Calango.Core.Files;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Shared.Components.Avatar;

/// <summary>The viewer's picture, where they have one.</summary>
public sealed class AvatarViewComponent(Avatars avatars, Viewer viewer) : ViewComponent
{
    /// <summary>Looks for it.</summary>
    public async Task<IViewComponentResult> InvokeAsync() => View(await avatars.OfAsync(viewer.AccountId, HttpContext.RequestAborted));
}
