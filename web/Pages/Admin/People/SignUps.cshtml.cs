using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Mail;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.People;

/// <summary>Who may make an account.</summary>
[ServerOnly]
public sealed class SignUps(Core.Identity.SignUps signUps, PageText text, RequestAudit audit) : PageModel
{
    /// <summary>What is chosen.</summary>
    [BindProperty]
    public SignUpsFields Fields { get; set; } = new(SignUpWay.ByInvitation, null);

    /// <summary>Whether links can go to people.</summary>
    public bool CanMail => signUps.CanMail;

    /// <summary>Whether it was stored just now.</summary>
    [FromQuery(Name = "saved")]
    public bool IsSaved { get; set; }

    /// <summary>What is wrong with the domains; null: nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>Why it was not stored; null: it was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var policy = await signUps.PolicyAsync(cancellationToken);
        Fields = new SignUpsFields(policy.Way, string.Join('\n', policy.Domains));
    }

    /// <summary>Stores it.</summary>
    public async Task<IActionResult> OnPutAsync(CancellationToken cancellationToken)
    {
        IsSaved = false;
        Error = new SignUpsRules().Validate(Fields).ByField().GetValueOrDefault(nameof(SignUpsFields.Domains));
        if (Error is null)
        {
            try
            {
                await signUps.SetPolicyAsync(new SignUpPolicy { Way = Fields.Way, Domains = [.. Fields.List.Select(domain => MailAddresses.AsciiOf(domain)!).Distinct()] }, cancellationToken);
                await audit.WriteAsync(AuditActs.SignUpsChanged, Fields.Way.ToString());
                return LocalRedirect("/admin/people/sign-ups?saved=true");
            }
            catch (RejectedException rejected)
            {
                Refusal = text.Error(Fault.Of(rejected));
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private sealed class SignUpsRules : AbstractValidator<SignUpsFields>
    {
        private const int MostDomains = 50;

        public SignUpsRules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Domains)
                .Must((fields, _) => fields.Way != SignUpWay.ByDomain || fields.List.Count > 0).WithErrorCode("required")
                .Must((fields, _) => fields.List.Count <= MostDomains && fields.List.All(domain => domain.Contains('.', StringComparison.Ordinal) && MailAddresses.AsciiOf(domain) is not null)).WithErrorCode("domain");
        }
    }
}

/// <summary>What a browser sends of the form.</summary>
/// <param name="Way">The way in.</param>
/// <param name="Domains">One a line, or with commas or spaces between them.</param>
public sealed record SignUpsFields(SignUpWay Way, string? Domains)
{
    /// <summary>The most letters of all domains.</summary>
    public const int MaxLength = 10_000;

    internal IReadOnlyList<string> List =>
        (Domains ?? "").Split([',', ';', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
