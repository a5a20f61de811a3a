using Calango.Core.Chat;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>Who does a small task beside the answers.</summary>
public sealed class TaskSettings(Viewer viewer, TaskChoices choices, TaskSections sections) : PageModel
{
    /// <summary>Chooses it.</summary>
    public async Task<IActionResult> OnPutAsync(string task, TaskMode mode, string? model, CancellationToken cancellationToken)
    {
        var named = TaskSection.TaskOf(task);
        await choices.ChooseAsync(viewer.AccountId, named, mode, ModelRef.TryParse(model, out var chosen) ? chosen : null, cancellationToken);
        return Request.IsHtmx() ? Partial("_Task", await sections.OfViewerAsync(named, cancellationToken) with { IsSaved = true }) : Redirect($"/models#{task}");
    }
}
