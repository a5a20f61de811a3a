using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Identity;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account;

/// <summary>Asks somebody whose password was right for their second step. Until then they are not in.</summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Policy)]
public sealed class Code(SecondStepSignIn secondStep) : DoorPage<CodeFields>
{
    /// <summary>The page that they wanted to see.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>Whether they were not let in.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Asks for the code. Who has not entered a password, or long ago, does so first.</summary>
    public IActionResult OnGet() => secondStep.IsBegun(BriefCookie.SecondStep.Read(HttpContext)) ? Page() : Restart();

    /// <summary>Lets them in, or says no more than that it did not work.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!Check(new CodeRules()))
        {
            // What was entered is a secret, too.
            Fields = new CodeFields(null);
            return secondStep.IsBegun(BriefCookie.SecondStep.Read(HttpContext)) ? Again() : Restart();
        }

        var check = await secondStep.CheckAsync(BriefCookie.SecondStep.Read(HttpContext), Fields.Entered!, cancellationToken);
        Fields = new CodeFields(null);
        switch (check)
        {
            case { Outcome: SecondStepOutcome.Right or SecondStepOutcome.RightOfRecovery, AccountId: { } accountId }:
                BriefCookie.SecondStep.Forget(HttpContext);
                if (check.Outcome == SecondStepOutcome.RightOfRecovery)
                {
                    await Audit.WriteAsync(AuditActs.RecoveryCodeUsed, accountId.ToString(), accountId);
                }

                return await EnterAsync(accountId, Goal(), AuditActs.SignedIn);
            case { Outcome: SecondStepOutcome.Over }:
                return Restart();
            default:
                await Audit.WriteAsync(AuditActs.SignInRefused, check.AccountId?.ToString() ?? "");
                IsRefused = true;
                return Again();
        }
    }

    private RedirectResult Restart()
    {
        BriefCookie.SecondStep.Forget(HttpContext);
        return Redirect($"/sign-in?returnUrl={Uri.EscapeDataString(Goal())}");
    }

    // Nobody is sent to another site from here.
    private string Goal() => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/";

    private sealed class CodeRules : AbstractValidator<CodeFields>
    {
        public CodeRules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Entered).IsThere();
        }
    }
}

/// <summary>What a browser sends of the form.</summary>
public sealed record CodeFields(string? Entered);
