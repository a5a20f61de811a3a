using System.Net.Mime;
using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Identity;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account;

/// <summary>Signs somebody in with a passkey, which says who they are.</summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Passkeys)]
public sealed class Passkey(PasskeySignIn passkeys) : DoorPage<PasskeyFields>
{
    /// <summary>The page that they wanted to see.</summary>
    [BindProperty]
    public string? ReturnUrl { get; set; }

    /// <summary>What the page's script asks the browser.</summary>
    public async Task<IActionResult> OnGetAsync()
    {
        var asked = await passkeys.BeginAsync(HttpContext);
        BriefCookie.Passkey.Keep(HttpContext, asked.Kept);
        return Content(asked.Options, MediaTypeNames.Application.Json);
    }

    /// <summary>Lets them in, or says no more than that it did not work.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        var kept = BriefCookie.Passkey.Read(HttpContext);
        BriefCookie.Passkey.Forget(HttpContext);
        if (Check(new PasskeyRules()) && await passkeys.CheckAsync(kept, Fields.Answer!, HttpContext) is { } accountId)
        {
            return await EnterAsync(accountId, Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/", AuditActs.PasskeyUsed);
        }

        await Audit.WriteAsync(AuditActs.SignInRefused, "");
        return Again();
    }

    private sealed class PasskeyRules : AbstractValidator<PasskeyFields>
    {
        public PasskeyRules() => RuleFor(fields => fields.Answer).IsAnswer();
    }
}

/// <summary>What a browser sends of the form: the passkey's answer, as WebAuthn writes it in JSON.</summary>
public sealed record PasskeyFields(string? Answer);
