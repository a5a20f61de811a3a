using System.Globalization;
using System.Security.Claims;
using Calango.Core.Identity;
using Calango.Web.Identity;
using Calango.Web.Pages.Shared;
using FluentValidation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account;

/// <summary>A page before the door: a form that lets somebody in, or says what is wrong with it.</summary>
/// <typeparam name="TFields">What a browser sends of it.</typeparam>
public abstract class DoorPage<TFields> : PageModel where TFields : class
{
    private protected RequestAudit Audit => HttpContext.RequestServices.GetRequiredService<RequestAudit>();

    private IReadOnlyDictionary<string, string> errors = new Dictionary<string, string>();

    /// <summary>What was entered. A password is never shown again.</summary>
    [BindProperty]
    public TFields Fields { get; set; } = null!;

    /// <summary>What the browser has worked out where some work was asked of it first.</summary>
    [BindProperty]
    public string? Captcha { get; set; }

    /// <summary>Whether that was missing, wrong or over.</summary>
    public bool IsUnworked { get; private set; }

    /// <summary>A line of the form.</summary>
    /// <param name="name">The name of the field.</param>
    /// <param name="label">The locale key of its label.</param>
    public FormField Field(string name, string label) => new(
        name, label, name == "Password" || Fields is null ? null : typeof(TFields).GetProperty(name)?.GetValue(Fields) as string, errors.GetValueOrDefault(name));

    /// <summary>Checks what was entered.</summary>
    protected bool Check(IValidator<TFields> rules)
    {
        errors = rules.Validate(Fields).ByField();
        return errors.Count == 0;
    }

    /// <summary>Whether the browser has done the work; each counts once.</summary>
    protected async Task<bool> HasWorkedAsync(CancellationToken cancellationToken)
    {
        IsUnworked = !await HttpContext.RequestServices.GetRequiredService<Captchas>().UseUpAsync(Captcha, cancellationToken);
        return !IsUnworked;
    }

    /// <summary>The form once more, with what is wrong.</summary>
    protected IActionResult Again()
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    /// <summary>Opens a session and goes where they wanted to go.</summary>
    /// <param name="accountId">Who.</param>
    /// <param name="to">Where to, on this server.</param>
    /// <param name="act">What is written down of it.</param>
    protected async Task<IActionResult> EnterAsync(Guid accountId, string to, string act)
    {
        var who = new Claim(ClaimTypes.NameIdentifier, accountId.ToString("D", CultureInfo.InvariantCulture));
        await HttpContext.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([who], "door")));
        await Audit.WriteAsync(act, accountId.ToString(), accountId);
        return LocalRedirect(to);
    }
}
