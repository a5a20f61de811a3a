using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Mail;
using Calango.Web.Identity;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account;

/// <summary>Sends a link for another password to whoever has forgotten theirs. What it answers is the same for every address.</summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Policy)]
public sealed class Forgotten(PasswordReset reset, Viewer viewer) : DoorPage<ForgottenFields>
{
    /// <summary>Whether links can go to people.</summary>
    public bool IsOn => reset.IsOn;

    /// <summary>Whether one was asked for.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>Asks for the address.</summary>
    public void OnGet()
    {
        // The page says all.
    }

    /// <summary>Sends it, if anybody has the address.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!IsOn)
        {
            throw new NotFoundException();
        }

        if (!Check(new ForgottenRules()) || !await HasWorkedAsync(cancellationToken))
        {
            return Again();
        }

        var email = Fields.Email!.Trim();
        var accountId = await reset.AskAsync(
            email,
            token => new MailDraft(email, viewer.Language, "reset", PasswordReset.Lifetime, ("site", HttpContext.Site()), ("link", HttpContext.LinkTo($"/reset?token={token}"))),
            cancellationToken);
        await Audit.WriteAsync(AuditActs.ResetAsked, accountId?.ToString() ?? "");
        IsAsked = true;
        return Page();
    }

    private sealed class ForgottenRules : AbstractValidator<ForgottenFields>
    {
        public ForgottenRules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Email).IsEmail();
        }
    }
}

/// <summary>What a browser sends of the form.</summary>
public sealed record ForgottenFields(string? Email);
