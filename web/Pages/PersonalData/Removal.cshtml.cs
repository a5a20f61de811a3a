using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.PersonalData;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.PersonalData;

/// <summary>That the viewer's own account is removed.</summary>
[ServerOnly]
public sealed class Removal(People people, Sessions sessions, AccountRemoval removal, Viewer viewer, PageText text, RequestAudit audit) : Index(people, sessions, removal, viewer)
{
    private readonly Viewer viewer = viewer;
    private readonly AccountRemoval removal = removal;

    /// <summary>What was entered.</summary>
    [BindProperty]
    public RemovalFields Fields { get; set; } = new(null);

    /// <summary>Has it removed. They are signed out.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        Error = HasPassword ? new RemovalRules().Validate(Fields).ByField().GetValueOrDefault(nameof(Fields.Password)) : null;
        if (Error is null)
        {
            try
            {
                await removal.AskAsync(viewer.AccountId, Fields.Password, viewer.SessionId!.Value, email => RemovalLetter.To(email, HttpContext, removal.IfAskedNow, viewer, text), cancellationToken);
                await audit.WriteAsync(AuditActs.RemovalAsked, viewer.AccountId.ToString());
                await HttpContext.SignOutAsync();
                return LocalRedirect("/sign-in?leaving=true");
            }
            catch (RejectedException rejected)
            {
                Refusal = text.Error(Fault.Of(rejected));
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    /// <summary>Keeps it.</summary>
    public async Task<IActionResult> OnDeleteAsync([FromServices] People people, CancellationToken cancellationToken)
    {
        await people.KeepAsync(viewer.AccountId, cancellationToken);
        await audit.WriteAsync(AuditActs.AccountKept, viewer.AccountId.ToString());
        return this.Go("/data");
    }

    private sealed class RemovalRules : AbstractValidator<RemovalFields>
    {
        public RemovalRules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Password).IsThere();
        }
    }
}

/// <summary>What a browser sends of the form.</summary>
public sealed record RemovalFields(string? Password);
