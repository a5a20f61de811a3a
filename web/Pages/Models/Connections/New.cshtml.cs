using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models.Connections;

/// <summary>A connection that is being made.</summary>
public sealed class New(PluginHost plugins, Core.Models.Connections connections, FirstModel firstModel) : PageModel
{
    /// <summary>The providers there are, with their presets.</summary>
    public IReadOnlyList<ProviderInfo> Providers => plugins.Providers;

    /// <summary>The form; null: no provider serves.</summary>
    public ConnectionForm? Form { get; private set; }

    /// <summary>Shows the form, filled in as the preset says; without one, of the provider that knows the most services.</summary>
    public void OnGet(string? provider, string? preset, string? address)
    {
        var chosen = plugins.FindProvider(provider ?? "")
            ?? Providers.FirstOrDefault(known => known.Presets.Any(service => service.Id == preset))
            ?? Providers.MaxBy(known => known.Presets.Count);
        Form = chosen is null
            ? null
            : ConnectionForm.New(chosen, chosen.Presets.FirstOrDefault(known => known.Id == preset) ?? chosen.Presets.FirstOrDefault(), address);
    }

    /// <summary>Makes it.</summary>
    public async Task<IActionResult> OnPostAsync(ConnectionFields fields, CancellationToken cancellationToken)
    {
        Form = ConnectionForm.Sent(fields, plugins.FindProvider(fields.ProviderId ?? "") ?? throw new NotFoundException(), stored: null);
        try
        {
            var connection = await connections.AddAsync(Form.Input, cancellationToken);
            return this.Go(await firstModel.ChooseAsync(connection.Id, isOneClick: false, cancellationToken));
        }
        catch (InvalidInputException refused)
        {
            Form.With(refused);
            return Request.IsHtmx() ? Partial("_ConnectionForm", Form) : Page();
        }
    }
}
