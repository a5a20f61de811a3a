using Calango.Core.Errors;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models.Local;

/// <summary>What the pages of one local model have in common.</summary>
public abstract class LocalModelPage(LocalModelViews views) : PageModel
{
    /// <summary>The model.</summary>
    [BindProperty(SupportsGet = true, Name = "model")]
    public string ModelId { get; set; } = "";

    /// <summary>The person looks at it on the first-run page.</summary>
    [BindProperty(SupportsGet = true)]
    public bool FirstRun { get; set; }

    /// <summary>The page on which the model is shown.</summary>
    protected string BackUrl => FirstRun ? "/models/first-run" : "/models/local";

    /// <summary>The model as it is now.</summary>
    protected async Task<LocalModelView> FindAsync(CancellationToken cancellationToken) =>
        (await views.FindAsync(ModelId, cancellationToken) ?? throw new NotFoundException()) with { IsFirstRun = FirstRun };

    /// <summary>Shows the model as it is now: its card, or, without htmx, the page. Where it was waited for, the person goes on to a chat.</summary>
    protected async Task<IActionResult> ShowAsync(CancellationToken cancellationToken)
    {
        if (!Request.IsHtmx())
        {
            return Redirect(BackUrl);
        }

        var view = await FindAsync(cancellationToken);
        return view is { IsFirstRun: true, IsHere: true, Ref: { } model } ? this.Go($"/?model={Uri.EscapeDataString(model.ToString())}") : Partial("_LocalModel", view);
    }
}
