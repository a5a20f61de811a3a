using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Account;

/// <summary>The viewer's password.</summary>
[ServerOnly]
public sealed class Password(People people, Core.Identity.Sessions sessions, PasswordChange change, Viewer viewer, PageText text, RequestAudit audit) : Index(people, sessions, viewer)
{
    private readonly Viewer viewer = viewer;

    /// <summary>What was entered.</summary>
    [BindProperty]
    public PasswordFields Fields { get; set; } = null!;

    /// <summary>Changes it. The other sessions end.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        Errors = new PasswordRules(HttpContext.KnownTexts(Person.Name, Person.Email)).Validate(Fields).ByField();
        if (Errors.Count == 0)
        {
            try
            {
                await change.RunAsync(viewer.AccountId, Fields.Current!, Fields.Next!, viewer.SessionId!.Value, cancellationToken);
                await audit.WriteAsync(AuditActs.PasswordChanged, viewer.AccountId.ToString());
                return LocalRedirect("/account?changed=true");
            }
            catch (RejectedException rejected)
            {
                Refusal = text.Error(Fault.Of(rejected));
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private sealed class PasswordRules : AbstractValidator<PasswordFields>
    {
        public PasswordRules(IEnumerable<string?> knownTexts)
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Current).IsThere();
            RuleFor(fields => fields.Next).IsNewPassword(_ => knownTexts);
        }
    }
}

/// <summary>What a browser sends of the form.</summary>
public sealed record PasswordFields(string? Current, string? Next);
