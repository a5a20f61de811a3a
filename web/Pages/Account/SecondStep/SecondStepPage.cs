using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Pages.Shared;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account.SecondStep;

/// <summary>The viewer's second step, or what is shown of it after it was changed.</summary>
public abstract class SecondStepPage : PageModel
{
    private IReadOnlyDictionary<string, string> errors = new Dictionary<string, string>();

    /// <summary>What was entered; nothing of it is shown again.</summary>
    [BindProperty]
    public SecondStepFields Fields { get; set; } = new(null, null, null);

    /// <summary>It; null: their password is enough.</summary>
    public SecondStepState? State { get; private set; }

    /// <summary>A key that their device does not have yet; null: none was made.</summary>
    public DeviceKey? Key { get; private protected set; }

    /// <summary>The recovery codes that were just made; they are shown once.</summary>
    public IReadOnlyList<string> Codes { get; private protected set; } = [];

    /// <summary>Why nothing was changed; null: it was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>A line of a form, always empty.</summary>
    public FormField Field(string name, string label) => new(name, label, null, errors.GetValueOrDefault(name));

    private protected SecondSteps Steps => HttpContext.RequestServices.GetRequiredService<SecondSteps>();

    private protected Viewer Viewer => HttpContext.RequestServices.GetRequiredService<Viewer>();

    private protected RequestAudit Audit => HttpContext.RequestServices.GetRequiredService<RequestAudit>();

    /// <summary>Does what was asked for, if the form is right, and shows what came of it.</summary>
    private protected async Task<IActionResult> TryAsync(IValidator<SecondStepFields> rules, Func<Task> act)
    {
        errors = rules.Validate(Fields).ByField();
        if (errors.Count == 0)
        {
            try
            {
                await act();
            }
            catch (RejectedException rejected)
            {
                Refusal = HttpContext.RequestServices.GetRequiredService<PageText>().Error(Fault.Of(rejected));
            }
        }

        if (errors.Count > 0 || Refusal is not null)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        await ReadAsync();
        return Page();
    }

    private protected async Task ReadAsync()
    {
        // Whoever comes in with a provider's login has no password, and no second step here.
        if (!(await PersonAsync()).HasPassword)
        {
            throw new NotFoundException();
        }

        State = await Steps.FindAsync(Viewer.AccountId, HttpContext.RequestAborted);
    }

    private protected Task<Person> PersonAsync() => HttpContext.RequestServices.GetRequiredService<People>().FindAsync(Viewer.AccountId, HttpContext.RequestAborted);

    private protected sealed class PasswordRules : AbstractValidator<SecondStepFields>
    {
        public PasswordRules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Password).IsThere();
        }
    }

    private protected sealed class CodeRules : AbstractValidator<SecondStepFields>
    {
        public CodeRules()
        {
            RuleLevelCascadeMode = CascadeMode.Stop;
            RuleFor(fields => fields.Code).IsThere();
        }
    }
}

/// <summary>What a browser sends of the forms.</summary>
public sealed record SecondStepFields(string? Password, string? Code, string? Kept);
