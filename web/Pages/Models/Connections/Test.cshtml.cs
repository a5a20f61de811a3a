using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models.Connections;

/// <summary>A trial of what is entered for a connection; nothing is stored.</summary>
public sealed class Test(Core.Models.Connections connections) : PageModel
{
    /// <summary>The form as it was sent, with how it went.</summary>
    public ConnectionForm Form { get; private set; } = null!;

    /// <summary>Tries it.</summary>
    public async Task<IActionResult> OnPostAsync(Guid? id, ConnectionFields fields, CancellationToken cancellationToken)
    {
        var stored = id is { } known ? await connections.FindAsync(known, cancellationToken) ?? throw new NotFoundException() : null;
        var provider = connections.ProviderOf(stored?.ProviderId ?? fields.ProviderId ?? "") ?? throw new NotFoundException();
        Form = ConnectionForm.Sent(fields, provider, stored);
        try
        {
            Form.With(await connections.TestAsync(id, Form.Input, cancellationToken));
        }
        catch (InvalidInputException refused)
        {
            Form.With(refused);
        }

        return Request.IsHtmx() ? Partial("_ConnectionForm", Form) : Page();
    }
}
