using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account;

/// <summary>
/// Makes the account of somebody who has the link of their mail, and who has asked for it: they know the password. Opening the link alone changes
/// nothing, for mail servers open links, too.
/// </summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Policy)]
public sealed class SignUpLink(SignUps signUps, PageText text) : DoorPage<SignUpLinkFields>
{
    /// <summary>What the link holds.</summary>
    [BindProperty(SupportsGet = true)]
    public string Key { get; set; } = "";

    /// <summary>Whose address it is.</summary>
    public string Email { get; private set; } = "";

    /// <summary>Why no account was made; null: one was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Asks for the password.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Email = await signUps.FindAsync(Key, cancellationToken);

    /// <summary>Makes the account, and signs its owner in.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Email = await signUps.FindAsync(Key, cancellationToken);
        if (!Check(new SignUpLinkRules()))
        {
            return Again();
        }

        try
        {
            return await EnterAsync(await signUps.OpenAsync(Key, Fields.Password!, cancellationToken), "/", AuditActs.SignedUp);
        }
        catch (RejectedException rejected)
        {
            Refusal = text.Error(Fault.Of(rejected));
            return Again();
        }
    }

    private sealed class SignUpLinkRules : AbstractValidator<SignUpLinkFields>
    {
        public SignUpLinkRules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Password).IsThere();
        }
    }
}

/// <summary>What a browser sends of the form.</summary>
public sealed record SignUpLinkFields(string? Password);
