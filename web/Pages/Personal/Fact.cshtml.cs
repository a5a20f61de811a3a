using Calango.Core.Chat;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Personal;

/// <summary>A fact that the viewer wants each model to know.</summary>
public sealed class Fact(Viewer viewer, PersonalNotes notes) : PageModel
{
    private const string List = "/personal#facts-head";

    /// <summary>It is found in its list.</summary>
    public IActionResult OnGet() => LocalRedirect(List);

    /// <summary>Words it anew.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, string? text, CancellationToken cancellationToken)
    {
        await notes.ChangeFactAsync(viewer.AccountId, id, text ?? "", cancellationToken);
        return LocalRedirect(List);
    }

    /// <summary>Forgets it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await notes.RemoveFactAsync(viewer.AccountId, id, cancellationToken);
        return Request.IsHtmx() ? new OkResult() : LocalRedirect(List);
    }
}
