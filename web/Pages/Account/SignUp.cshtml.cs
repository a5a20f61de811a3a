using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Mail;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account;

/// <summary>Lets somebody ask for an account whom nobody has invited. What it answers is the same whether or not their address has one.</summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Policy)]
public sealed class SignUp(SignUps signUps, Viewer viewer, PageText text) : DoorPage<SignUpFields>
{
    /// <summary>Whether anybody may.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether somebody has.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>Why that address has no chance; null: it has.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Asks who they are.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => IsOpen = await signUps.AreOpenAsync(cancellationToken);

    /// <summary>Sends a link to the address.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        IsOpen = await signUps.AreOpenAsync(cancellationToken);
        if (!IsOpen)
        {
            throw new NotFoundException();
        }

        if (!Check(new SignUpRules(HttpContext)) || !await HasWorkedAsync(cancellationToken))
        {
            return Again();
        }

        try
        {
            var person = new NewPerson(Fields.Name!.Trim(), Fields.Email!.Trim(), Fields.Password!);
            var owner = await signUps.AskAsync(person, key => LetterTo(person.Email, "signUp", $"/sign-up/{key}"), LetterTo(person.Email, "signUpTaken", "/sign-in"), cancellationToken);
            await Audit.WriteAsync(AuditActs.SignUpAsked, owner?.ToString() ?? "");
            IsAsked = true;
            return Page();
        }
        catch (RejectedException rejected)
        {
            Refusal = text.Error(Fault.Of(rejected));
            return Again();
        }
    }

    private MailDraft LetterTo(string email, string kind, string path) => new(email, viewer.Language, kind, SignUps.Lifetime, ("site", HttpContext.Site()), ("link", HttpContext.LinkTo(path)));

    private sealed class SignUpRules : AbstractValidator<SignUpFields>
    {
        public SignUpRules(HttpContext context)
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Name).IsName();
            RuleFor(fields => fields.Email).IsEmail().IsMailed();
            RuleFor(fields => fields.Password).IsNewPassword(fields => context.KnownTexts(fields.Name, fields.Email));
        }
    }
}

/// <summary>What a browser sends of the form.</summary>
public sealed record SignUpFields(string? Name, string? Email, string? Password);
