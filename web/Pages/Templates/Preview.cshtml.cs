using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Templates;

/// <summary>A template that is being written, with the form that it will have. Nothing of it is stored.</summary>
public sealed class Preview : PageModel
{
    /// <summary>The form in which it is written.</summary>
    public EditorView Editor { get; private set; } = null!;

    /// <summary>Shows what was written so far.</summary>
    public async Task<IActionResult> OnPostAsync([FromForm] Guid? id, [FromForm] int seen, CancellationToken cancellationToken)
    {
        // What is still missing is no mistake yet.
        Editor = EditorView.Of(id, seen, await Request.ReadFormAsync(cancellationToken)) with { Errors = new Dictionary<string, string>() };
        return Request.IsHtmx() ? Partial("_EditorParts", Editor) : Page();
    }
}
