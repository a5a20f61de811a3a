using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Calango.Web.Pages.Account.Logins;

/// <summary>To where a provider sends somebody back.</summary>
[ServerOnly]
[EnableRateLimiting(SignInLimit.Logins)]
public sealed class Return(LoginFlow flow, ExternalSignIn entrance, LinkedLogins linked, Viewer viewer) : LoginPage
{
    /// <summary>How claims are written for people.</summary>
    internal static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What would come of the login that an administrator tried; null: it was none to be tried.</summary>
    public ExternalOutlook? Outlook { get; private set; }

    /// <summary>Goes on with what the login was begun for.</summary>
    public Task<IActionResult> OnGetAsync(Guid provider, CancellationToken cancellationToken) => TryAsync(provider, async () =>
    {
        var login = await flow.FinishAsync(provider);
        return login.Purpose switch
        {
            LoginPurpose.SignIn => await EnterAsync(login, cancellationToken),
            LoginPurpose.Link => await LinkAsync(login, cancellationToken),
            LoginPurpose.Try => await ShowAsync(login, cancellationToken),
            _ => throw new LoginRefusedException(LoginRefusal.NotSupported),
        };
    });

    private async Task<IActionResult> EnterAsync(FinishedLogin login, CancellationToken cancellationToken)
    {
        var entry = await entrance.EnterAsync(login.Identity, cancellationToken);
        var (who, subject) = (entry.AccountId, entry.AccountId.ToString());
        var claim = new Claim(ClaimTypes.NameIdentifier, who.ToString("D", CultureInfo.InvariantCulture));
        var properties = new AuthenticationProperties();
        properties.SetParameter(SessionHandler.LoginParameter, login.Identity);
        await HttpContext.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([claim], "login")), properties);
        foreach (var act in ActsOf(entry))
        {
            await Audit.WriteAsync(act, subject, who);
        }

        return LocalRedirect(login.ReturnTo);
    }

    private static IEnumerable<string> ActsOf(ExternalEntry entry)
    {
        if (entry.IsNew)
        {
            yield return AuditActs.AccountMade;
        }

        if (entry.IsLinked)
        {
            yield return AuditActs.LoginAdded;
        }

        if (entry.HasAnotherRole)
        {
            yield return AuditActs.RoleChanged;
        }

        if (entry.HasOtherGroups)
        {
            yield return AuditActs.GroupsFollowed;
        }

        yield return AuditActs.SignedIn;
    }

    private async Task<IActionResult> LinkAsync(FinishedLogin login, CancellationToken cancellationToken)
    {
        var accountId = WhoeverBegan(login);
        await linked.LinkAsync(accountId, login.Identity, cancellationToken);
        await Audit.WriteAsync(AuditActs.LoginAdded, accountId.ToString());
        return LocalRedirect(login.ReturnTo);
    }

    private async Task<IActionResult> ShowAsync(FinishedLogin login, CancellationToken cancellationToken)
    {
        WhoeverBegan(login);
        Outlook = viewer.IsAdmin ? await entrance.LookAsync(login.Identity, cancellationToken) : throw new LoginRefusedException(LoginRefusal.AnotherAccount);
        return Page();
    }

    // Somebody else may have signed in meanwhile: what was begun is not theirs.
    private Guid WhoeverBegan(FinishedLogin login) => viewer.SessionId is not null && login.AccountId == viewer.AccountId
        ? viewer.AccountId
        : throw new LoginRefusedException(LoginRefusal.AnotherAccount);
}
