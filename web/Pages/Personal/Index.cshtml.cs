using Calango.Core.Chat;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Personal;

/// <summary>What the viewer wants each model to know.</summary>
public sealed class Index(Viewer viewer, PersonalNotes notes) : PageModel
{
    /// <summary>It.</summary>
    public AboutPerson About { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => About = await notes.FindAsync(viewer.AccountId, cancellationToken);

    /// <summary>Writes the instructions anew.</summary>
    public async Task<IActionResult> OnPutAsync(string? instructions, CancellationToken cancellationToken)
    {
        await notes.InstructAsync(viewer.AccountId, instructions ?? "", cancellationToken);
        return LocalRedirect("/personal");
    }
}
