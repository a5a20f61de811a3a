using Calango.Core.Identity;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Providers;

/// <summary>A provider of logins.</summary>
[ServerOnly]
public sealed class Edit(LoginProviders providers, Core.Identity.Roles roles, Core.Identity.Groups groups) : PageModel
{
    /// <summary>Its form.</summary>
    public ProviderForm Form { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        var provider = await providers.FindAsync(id, cancellationToken);
        Form = new ProviderForm(id, provider.Kind, ProviderFields.Of(provider), await roles.AllAsync(cancellationToken), provider) { Groups = await groups.AllAsync(cancellationToken) };
    }

    /// <summary>Changes it.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, ProviderFields fields, CancellationToken cancellationToken)
    {
        var provider = await providers.FindAsync(id, cancellationToken);
        var errors = new ProviderRules(provider.Kind, provider).Validate(fields).ByField();
        Form = new ProviderForm(id, provider.Kind, fields, await roles.AllAsync(cancellationToken), provider)
        {
            Groups = await groups.AllAsync(cancellationToken),
            Errors = errors,
        };
        if (errors.Count > 0)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        await providers.UpdateAsync(id, fields.ToInput(), cancellationToken);
        return LocalRedirect("/admin/providers");
    }

    /// <summary>Removes it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await providers.RemoveAsync(id, cancellationToken);
        return this.Go("/admin/providers");
    }
}
