using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Identity;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account;

/// <summary>Sets another password for whoever has the link of their mail. They sign in with it then, with their second step where they have one.</summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Policy)]
public sealed class Reset(PasswordReset reset) : DoorPage<ResetFields>
{
    /// <summary>What the link holds.</summary>
    public string? Token { get; private set; }

    /// <summary>Whether the link opens nothing.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Asks for the password.</summary>
    public async Task<IActionResult> OnGetAsync([FromQuery] string? token, CancellationToken cancellationToken)
    {
        (Token, IsClosed) = (token, await reset.FindAsync(token, cancellationToken) is null);
        return IsClosed ? Again() : Page();
    }

    /// <summary>Sets it. All sessions end.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Token = Fields.Token;
        var owner = await reset.FindAsync(Token, cancellationToken);
        IsClosed = owner is null;
        if (owner is null || !Check(new ResetRules(HttpContext.KnownTexts(owner.Name, owner.Email))))
        {
            return Again();
        }

        try
        {
            var accountId = await reset.RunAsync(Token, Fields.Password!, cancellationToken);
            await Audit.WriteAsync(AuditActs.PasswordReset, accountId.ToString(), accountId);
            return LocalRedirect("/sign-in?reset=true");
        }
        catch (RejectedException)
        {
            IsClosed = true;
            return Again();
        }
    }

    private sealed class ResetRules : AbstractValidator<ResetFields>
    {
        public ResetRules(IEnumerable<string?> knownTexts)
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Password).IsNewPassword(_ => knownTexts);
        }
    }
}

/// <summary>What a browser sends of the form.</summary>
public sealed record ResetFields(string? Token, string? Password);
