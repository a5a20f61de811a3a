using Calango.Core.Chat;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Sdk;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>Who does a small task beside the answers.</summary>
public abstract class TaskSettings(ModelTask task, Viewer viewer, TaskChoices choices, TaskSections sections) : PageModel
{
    /// <summary>Chooses it.</summary>
    public async Task<IActionResult> OnPutAsync(TaskMode mode, string? model, CancellationToken cancellationToken)
    {
        await choices.ChooseAsync(viewer.AccountId, task, mode, ModelRef.TryParse(model, out var chosen) ? chosen : null, cancellationToken);
        var section = await sections.OfViewerAsync(task, cancellationToken);
        return Request.IsHtmx() ? Partial("_Task", section with { IsSaved = true }) : Redirect($"/models#{section.Name}");
    }
}
