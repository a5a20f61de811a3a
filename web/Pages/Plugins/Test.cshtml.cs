using Calango.Core.Events;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Plugins;

/// <summary>A trial of what is entered for a sink: one event that belongs to nobody is sent; nothing is stored.</summary>
public sealed class Test(EventSinks sinks) : PageModel
{
    /// <summary>The form as it was sent, with how it went.</summary>
    public SinkForm Form { get; private set; } = null!;

    /// <summary>Tries it.</summary>
    public async Task<IActionResult> OnPostAsync(string id, SinkFields fields, CancellationToken cancellationToken)
    {
        Form = SinkForm.Sent(fields, sinks.Find(id), await sinks.SettingsOfAsync(id, cancellationToken));
        try
        {
            Form.With(new SinkTest(await sinks.TestAsync(id, Form.Input, cancellationToken)));
        }
        catch (InvalidInputException refused)
        {
            Form.With(refused);
        }

        return Request.IsHtmx() ? Partial("_SinkForm", Form) : Page();
    }
}
