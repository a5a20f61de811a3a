using Calango.Core.Events;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Plugins;

/// <summary>A place where events go.</summary>
public sealed class Sink(EventSinks sinks) : PageModel
{
    /// <summary>Its form.</summary>
    public SinkForm Form { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(string id, CancellationToken cancellationToken) =>
        Form = SinkForm.Of(sinks.Find(id), await sinks.SettingsOfAsync(id, cancellationToken));

    /// <summary>Changes it.</summary>
    public async Task<IActionResult> OnPostAsync(string id, SinkFields fields, CancellationToken cancellationToken)
    {
        Form = SinkForm.Sent(fields, sinks.Find(id), await sinks.SettingsOfAsync(id, cancellationToken));
        try
        {
            await sinks.SaveAsync(id, Form.Input, cancellationToken);
            return this.Go("/plugins");
        }
        catch (InvalidInputException refused)
        {
            Form.With(refused);
            return Request.IsHtmx() ? Partial("_SinkForm", Form) : Page();
        }
    }
}
