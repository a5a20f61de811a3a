using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Mail;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Pages.Shared;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account;

/// <summary>The viewer's address: another one counts once its link was opened.</summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Policy)]
public sealed class Email(EmailChange change, People people, Viewer viewer, PageText text, RequestAudit audit) : PageModel
{
    private IReadOnlyDictionary<string, string> errors = new Dictionary<string, string>();

    /// <summary>They.</summary>
    public Person Person { get; private set; } = null!;

    /// <summary>What was entered; a password is never shown again.</summary>
    [BindProperty]
    public EmailFields Fields { get; set; } = new(null, null);

    /// <summary>Whether links can go to people.</summary>
    public bool IsOn => change.IsOn;

    /// <summary>Whether one is on its way.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>Why none is; null: one is, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>A line of the form.</summary>
    public FormField Field(string name, string label) => new(name, label, name == nameof(EmailFields.Email) ? Fields.Email : null, errors.GetValueOrDefault(name));

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Person = await people.FindAsync(viewer.AccountId, cancellationToken);

    /// <summary>Sends a link to another one.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Person = await people.FindAsync(viewer.AccountId, cancellationToken);
        errors = new EmailRules().Validate(Fields).ByField();
        if (errors.Count == 0)
        {
            try
            {
                var email = Fields.Email!.Trim();
                await change.AskAsync(
                    viewer.AccountId, Fields.Password!, email, token => LetterTo(email, "email", ("link", HttpContext.LinkTo($"/email?token={token}"))), LetterTo(email, "emailNotice", ("email", email)), cancellationToken);
                await audit.WriteAsync(AuditActs.EmailChangeAsked, viewer.AccountId.ToString());
                IsAsked = true;
                return Page();
            }
            catch (RejectedException rejected)
            {
                Refusal = text.Error(Fault.Of(rejected));
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private MailDraft LetterTo(string email, string kind, (string Name, string Value) more) => new(email, viewer.Language, kind, EmailChange.Lifetime, ("site", HttpContext.Site()), more);

    private sealed class EmailRules : AbstractValidator<EmailFields>
    {
        public EmailRules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Email).IsEmail().IsMailed();
            RuleFor(fields => fields.Password).IsThere();
        }
    }
}

/// <summary>What a browser sends of the form.</summary>
public sealed record EmailFields(string? Email, string? Password);
