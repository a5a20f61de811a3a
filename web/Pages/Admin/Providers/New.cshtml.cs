using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Providers;

/// <summary>A provider of logins that is not there yet. It has its id already: the provider is told of its return address first.</summary>
[ServerOnly]
public sealed class New(LoginProviders providers, Core.Identity.Roles roles, Core.Identity.Groups groups) : PageModel
{
    private const string PublicGitHub = "https://github.com";

    /// <summary>Its form.</summary>
    public ProviderForm Form { get; private set; } = null!;

    /// <summary>Shows an empty one.</summary>
    public async Task OnGetAsync(LoginProviderKind kind, Guid? id, CancellationToken cancellationToken)
    {
        RefuseUnknownKind();
        var fields = kind == LoginProviderKind.GitHub ? new ProviderFields { Name = "GitHub", Issuer = PublicGitHub } : new ProviderFields { Scopes = "email profile" };
        Form = new ProviderForm(id ?? Guid.CreateVersion7(), kind, fields, await roles.AllAsync(cancellationToken), Stored: null) { Groups = await groups.AllAsync(cancellationToken) };
    }

    /// <summary>Adds it.</summary>
    public async Task<IActionResult> OnPostAsync(LoginProviderKind kind, Guid? id, ProviderFields fields, CancellationToken cancellationToken)
    {
        RefuseUnknownKind();
        var errors = new ProviderRules(kind, stored: null).Validate(fields).ByField();
        Form = new ProviderForm(id ?? Guid.CreateVersion7(), kind, fields, await roles.AllAsync(cancellationToken), Stored: null)
        {
            Groups = await groups.AllAsync(cancellationToken),
            Errors = errors,
        };
        if (errors.Count > 0)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        await providers.AddAsync(Form.Id, kind, fields.ToInput(), cancellationToken);
        return LocalRedirect($"/admin/providers/{Form.Id}");
    }

    private void RefuseUnknownKind()
    {
        if (ModelState.GetFieldValidationState("kind") == ModelValidationState.Invalid)
        {
            throw new NotFoundException();
        }
    }
}
