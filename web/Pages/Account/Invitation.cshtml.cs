using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Identity;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account;

/// <summary>Makes the account of somebody who was invited.</summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Policy)]
public sealed class Invitation(Invitations invitations) : DoorPage<InvitationFields>
{
    /// <summary>What the link holds.</summary>
    [BindProperty(SupportsGet = true)]
    public string Key { get; set; } = "";

    /// <summary>Whose invitation it is.</summary>
    public string Email { get; private set; } = "";

    /// <summary>Asks for a name and a password.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Email = (await invitations.FindAsync(Key, cancellationToken)).Email;

    /// <summary>Makes the account, and signs its owner in.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Email = (await invitations.FindAsync(Key, cancellationToken)).Email;
        return Check(new InvitationRules(HttpContext, Email))
            ? await EnterAsync(await invitations.AcceptAsync(Key, Fields.Name!.Trim(), Fields.Password!, cancellationToken), "/", AuditActs.InvitationAccepted)
            : Again();
    }

    private sealed class InvitationRules : AbstractValidator<InvitationFields>
    {
        public InvitationRules(HttpContext context, string email)
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Name).IsName();
            RuleFor(fields => fields.Password).IsNewPassword(fields => context.KnownTexts(fields.Name, email));
        }
    }
}

/// <summary>What a browser sends of the form.</summary>
public sealed record InvitationFields(string? Name, string? Password);
