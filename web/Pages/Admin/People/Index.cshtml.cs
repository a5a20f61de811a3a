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

/// <summary>All people, and whom they have invited.</summary>
[ServerOnly]
public sealed class Index(Core.Identity.People people, Core.Identity.Roles roles, Core.Identity.Invitations invitations, Outbox outbox, Viewer viewer, PageText text, RequestAudit audit) : PageModel
{
    private const int PageSize = 50;

    /// <summary>What is searched for; null: all are shown.</summary>
    [FromQuery(Name = "q")]
    public string? Query { get; set; }

    /// <summary>The last one of the page before; null: this is the first.</summary>
    [FromQuery(Name = "after")]
    public Guid? After { get; set; }

    /// <summary>What was entered for an invitation.</summary>
    [BindProperty]
    public InvitationFields Fields { get; set; } = new(null, Role.MemberId, ByMail: true);

    /// <summary>The people.</summary>
    public IReadOnlyList<Person> People { get; private set; } = [];

    /// <summary>After whom the next page begins; null: there is none.</summary>
    public Guid? Next { get; private set; }

    /// <summary>What people may be.</summary>
    public IReadOnlyList<Role> Roles { get; private set; } = [];

    /// <summary>The invitations that nobody has used yet.</summary>
    public IReadOnlyList<Invitation> Open { get; private set; } = [];

    /// <summary>Whether messages leave the server.</summary>
    public bool CanMail => outbox.Options.IsOn;

    /// <summary>Whether an invitation was just made.</summary>
    public bool IsMade { get; private set; }

    /// <summary>The link of the invitation that was just made; it is shown once. Null: it went by e-mail, or there is none.</summary>
    public string? Link { get; private set; }

    /// <summary>What is wrong with the address; null: nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>Why nobody was invited; null: somebody was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    private bool IsMailed => CanMail && Fields.ByMail;

    /// <summary>Shows them.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>Invites somebody.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Error = new InvitationRules().Validate(Fields).ByField().GetValueOrDefault(nameof(InvitationFields.Email));
        if (Error is null)
        {
            try
            {
                var key = await invitations.InviteAsync(viewer.AccountId, Fields.Email!.Trim(), Fields.RoleId, IsMailed ? MailWith : null, cancellationToken);
                await audit.WriteAsync(AuditActs.Invited, Fields.Email!.Trim());
                Link = IsMailed ? null : LinkOf(key);
                IsMade = true;
            }
            catch (RejectedException rejected)
            {
                Refusal = text.Error(Fault.Of(rejected));
            }
        }

        if (!IsMade)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        await ReadAsync(cancellationToken);
        return Page();
    }

    private MailDraft MailWith(string key) =>
        new(Fields.Email!.Trim(), viewer.Language, "invitation", Core.Identity.Invitations.Lifetime, ("site", HttpContext.Site()), ("link", LinkOf(key)));

    private string LinkOf(string key) => HttpContext.LinkTo($"/invitations/{key}");

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var found = await people.ListAsync(Query, After, PageSize + 1, cancellationToken);
        People = [.. found.Take(PageSize)];
        Next = found.Count > PageSize ? People[^1].Id : null;
        Roles = await roles.AllAsync(cancellationToken);
        Open = await invitations.ListAsync(cancellationToken);
    }

    private sealed class InvitationRules : AbstractValidator<InvitationFields>
    {
        public InvitationRules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Email).IsEmail();
            RuleFor(fields => fields.Email).IsMailed().When(fields => fields.ByMail);
        }
    }
}

/// <summary>What a browser sends of the form of an invitation.</summary>
public sealed record InvitationFields(string? Email, Guid RoleId, bool ByMail);
