using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Pages.Shared;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using StoredPasskeys = Calango.Core.Identity.Passkeys;

namespace Calango.Web.Pages.Account.Passkeys;

/// <summary>The passkeys that open the viewer's account.</summary>
[ServerOnly]
public sealed class Index(StoredPasskeys passkeys, People people, Core.Identity.Sessions sessions, Viewer viewer, PageText text, RequestAudit audit) : PageModel
{
    private IReadOnlyDictionary<string, string> errors = new Dictionary<string, string>();

    /// <summary>What was entered; a password is never shown again.</summary>
    [BindProperty]
    public NewPasskeyFields Fields { get; set; } = new(null, null, null);

    /// <summary>All of the viewer's.</summary>
    public IReadOnlyList<Core.Identity.Passkey> Passkeys { get; private set; } = [];

    /// <summary>Whether they prove with a password who they are; else they have signed in lately.</summary>
    public bool HasPassword { get; private set; }

    /// <summary>Whether they have.</summary>
    public bool IsFresh { get; private set; }

    /// <summary>What their browser is asked for, as WebAuthn writes it in JSON; null: nothing.</summary>
    public string? Options { get; private set; }

    /// <summary>Why none was added; null: one was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>A line of the form.</summary>
    public FormField Field(string name, string label, string? value) => new(name, label, value, errors.GetValueOrDefault(name));

    /// <summary>Shows them.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>Asks the browser for a new one.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        return await TryAsync(
            new BeginRules(HasPassword),
            async () =>
            {
                var asked = await passkeys.BeginAsync(viewer.AccountId, Fields.Password, viewer.SessionId!.Value, Fields.Name!.Trim(), HttpContext);
                BriefCookie.Passkey.Keep(HttpContext, asked.Kept);
                Options = asked.Options;
                return Page();
            },
            cancellationToken);
    }

    /// <summary>Adds the one that the browser has made.</summary>
    public Task<IActionResult> OnPutAsync(CancellationToken cancellationToken)
    {
        var kept = BriefCookie.Passkey.Read(HttpContext);
        BriefCookie.Passkey.Forget(HttpContext);
        return TryAsync(
            new AnswerRules(),
            async () =>
            {
                await passkeys.AddAsync(viewer.AccountId, kept, Fields.Answer!, HttpContext);
                await audit.WriteAsync(AuditActs.PasskeyAdded, viewer.AccountId.ToString());
                return this.Go("/account/passkeys");
            },
            cancellationToken);
    }

    private async Task<IActionResult> TryAsync(IValidator<NewPasskeyFields> rules, Func<Task<IActionResult>> act, CancellationToken cancellationToken)
    {
        errors = rules.Validate(Fields).ByField();
        if (errors.Count == 0)
        {
            try
            {
                return await act();
            }
            catch (RejectedException rejected)
            {
                Refusal = text.Error(Fault.Of(rejected));
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        await ReadAsync(cancellationToken);
        return Page();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        // By the address devices name a passkey; whoever comes in with a provider's login may have none.
        var person = await people.FindAsync(viewer.AccountId, cancellationToken);
        if (person.Email is null)
        {
            throw new NotFoundException();
        }

        HasPassword = person.HasPassword;
        IsFresh = await sessions.IsFreshAsync(viewer.AccountId, viewer.SessionId!.Value, cancellationToken);
        Passkeys = await passkeys.ListAsync(viewer.AccountId, cancellationToken);
    }

    private sealed class BeginRules : AbstractValidator<NewPasskeyFields>
    {
        public BeginRules(bool hasPassword)
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Name).IsName();
            if (hasPassword)
            {
                RuleFor(fields => fields.Password).IsThere();
            }
        }
    }

    private sealed class AnswerRules : AbstractValidator<NewPasskeyFields>
    {
        public AnswerRules() => RuleFor(fields => fields.Answer).IsAnswer();
    }
}

/// <summary>What a browser sends of the forms.</summary>
public sealed record NewPasskeyFields(string? Name, string? Password, string? Answer);
