using Calango.Core.Audit;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using StoredPasskeys = Calango.Core.Identity.Passkeys;

namespace Calango.Web.Pages.Account.Passkeys;

/// <summary>One of the viewer's passkeys.</summary>
[ServerOnly]
public sealed class Passkey(StoredPasskeys passkeys, Viewer viewer, RequestAudit audit) : PageModel
{
    /// <summary>What it is to be called.</summary>
    [BindProperty]
    public string? Name { get; set; }

    /// <summary>It.</summary>
    public Core.Identity.Passkey Shown { get; private set; } = null!;

    /// <summary>What is wrong with the name; null: nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken) => Shown = await passkeys.FindAsync(viewer.AccountId, id, cancellationToken);

    /// <summary>Calls it something else.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        Shown = await passkeys.FindAsync(viewer.AccountId, id, cancellationToken);
        Error = new Rules().Validate(this).ByField().GetValueOrDefault(nameof(Name));
        if (Error is not null)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        await passkeys.RenameAsync(viewer.AccountId, id, Name!.Trim(), cancellationToken);
        return this.Go("/account/passkeys");
    }

    /// <summary>Takes it away. The other sessions end.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await passkeys.RemoveAsync(viewer.AccountId, id, viewer.SessionId!.Value, cancellationToken);
        await audit.WriteAsync(AuditActs.PasskeyRemoved, viewer.AccountId.ToString());
        return this.Go("/account/passkeys");
    }

    private sealed class Rules : AbstractValidator<Passkey>
    {
        public Rules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(page => page.Name).IsName();
        }
    }
}
