using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Tools;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Tools;

/// <summary>What a person enters themselves for a server of tools.</summary>
public sealed class Yours(Viewer viewer, PersonalToolSettings personal, ToolCatalog catalog, PageText text) : PageModel
{
    /// <summary>Its form.</summary>
    public YoursForm Form { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) => Form = YoursForm.Of(await personal.FindAsync(viewer.AccountId, id, cancellationToken));

    /// <summary>Stores it, or only tries what was entered.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, YoursFields fields, bool test, CancellationToken cancellationToken)
    {
        var asked = await personal.FindAsync(viewer.AccountId, id, cancellationToken);
        Form = new YoursForm(asked, fields);
        try
        {
            if (!test)
            {
                await personal.SaveAsync(viewer.AccountId, id, Form.Input, cancellationToken);
                return this.Go("/tools");
            }

            Form = Form with { Test = await catalog.TryAsync(asked, Form.Input, cancellationToken) };
        }
        catch (InvalidInputException refused)
        {
            Form = Form with { Errors = refused.Fields };
        }
        catch (RejectedException rejected)
        {
            Form = Form with { Refusal = text.Error(Fault.Of(rejected)) };
        }

        return Request.IsHtmx() ? Partial("_YoursForm", Form) : Page();
    }

    /// <summary>Forgets it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await personal.RemoveAsync(viewer.AccountId, id, cancellationToken);
        return this.Go("/tools");
    }
}
