using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Identity;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account;

/// <summary>Signs somebody in with a password.</summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Policy)]
public sealed class SignIn(PasswordSignIn passwords, SignInFailures failures, SignUps signUps, Accounts accounts, LoginProviders providers) : DoorPage<SignInFields>
{
    /// <summary>The page that they wanted to see.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>Whether their password was set anew just now.</summary>
    [FromQuery(Name = "reset")]
    public bool IsReset { get; set; }

    /// <summary>Whether they have just asked for their account to be removed.</summary>
    [FromQuery(Name = "leaving")]
    public bool IsLeaving { get; set; }

    /// <summary>Whether they were not let in.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Whether only their passkey lets them in.</summary>
    public bool IsPasskeyNeeded { get; private set; }

    /// <summary>Whether their browser has to do some work first, after several failures.</summary>
    public bool IsWorkAsked { get; private set; }

    /// <summary>Whether people may come whom nobody has invited.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>With whose logins people may come, too.</summary>
    public IReadOnlyList<LoginProvider> Providers { get; private set; } = [];

    /// <summary>Asks who they are. Whoever is in goes on, and where nobody has an account yet there is the first one to make.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (User.Identity?.IsAuthenticated == true)
        {
            return LocalRedirect(Goal());
        }

        await LookAsync(cancellationToken);
        IsWorkAsked = await failures.AreManyAsync(email: null, Network, cancellationToken);
        return await accounts.AreSetUpAsync(cancellationToken) ? Page() : LocalRedirect("/setup");
    }

    /// <summary>Lets them in, or says no more than that it did not work.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        var email = Fields.Email?.Trim();
        IsWorkAsked = await failures.AreManyAsync(email, Network, cancellationToken);
        if (!Check(new SignInRules()) || (IsWorkAsked && !await HasWorkedAsync(cancellationToken)))
        {
            return Again();
        }

        var check = await passwords.CheckAsync(email!, Fields.Password!, cancellationToken);
        await (check.IsIn || check.Begun is not null || check.NeedsPasskey
            ? failures.ForgetAsync(email!, cancellationToken)
            : failures.CountAsync(email!, Network, cancellationToken));
        if (check is { IsIn: true, AccountId: { } accountId })
        {
            return await EnterAsync(accountId, Goal(), AuditActs.SignedIn);
        }

        if (check.Begun is { } begun)
        {
            BriefCookie.SecondStep.Keep(HttpContext, begun);
            return LocalRedirect($"/sign-in/code?returnUrl={Uri.EscapeDataString(Goal())}");
        }

        // An address that nobody has may be a password that went into the wrong field: it is not kept.
        await Audit.WriteAsync(AuditActs.SignInRefused, check.AccountId?.ToString() ?? "");
        (IsRefused, IsPasskeyNeeded) = (!check.NeedsPasskey, check.NeedsPasskey);
        IsWorkAsked = await failures.AreManyAsync(email, Network, cancellationToken);
        return Again();
    }

    private async Task LookAsync(CancellationToken cancellationToken) => (Providers, IsOpen) =
        (await providers.ListOnAsync(cancellationToken), await signUps.AreOpenAsync(cancellationToken));

    private string Network => SignInLimit.Network(HttpContext.Connection.RemoteIpAddress);

    // Nobody is sent to another site from here.
    private string Goal() => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/";

    private sealed class SignInRules : AbstractValidator<SignInFields>
    {
        public SignInRules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Email).IsEmail();
            RuleFor(fields => fields.Password).IsThere();
        }
    }
}

/// <summary>What a browser sends of the form.</summary>
public sealed record SignInFields(string? Email, string? Password);
