using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Account.SecondStep;

/// <summary>That the viewer is asked for a code, too, when they sign in.</summary>
[ServerOnly]
public sealed class Index : SecondStepPage
{
    /// <summary>Shows whether they are.</summary>
    public Task OnGetAsync() => ReadAsync();

    /// <summary>Makes a key, and shows it.</summary>
    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) => TryAsync(
        new PasswordRules(), async () => Key = await ShownAsync(await Steps.BeginAsync(Viewer.AccountId, Fields.Password!, cancellationToken)));

    /// <summary>Asks for codes from now on, if their device's first one is right, and shows the recovery codes once.</summary>
    public async Task<IActionResult> OnPutAsync(CancellationToken cancellationToken)
    {
        // A wrong code costs nobody the key that their device has already.
        Key = Steps.Recall(Viewer.AccountId, Fields.Kept) is { } made ? await ShownAsync(made) : null;
        return await TryAsync(new CodeRules(), async () =>
        {
            Codes = await Steps.TurnOnAsync(Viewer.AccountId, Fields.Kept, Fields.Code!, Viewer.SessionId!.Value, cancellationToken);
            Key = null;
            await Audit.WriteAsync(AuditActs.SecondStepOn, Viewer.AccountId.ToString());
        });
    }

    /// <summary>Asks for no code any more.</summary>
    public Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken) => TryAsync(new PasswordRules(), async () =>
    {
        await Steps.TurnOffAsync(Viewer.AccountId, Fields.Password!, Viewer.SessionId!.Value, cancellationToken);
        await Audit.WriteAsync(AuditActs.SecondStepOff, Viewer.AccountId.ToString());
    });

    private async Task<DeviceKey> ShownAsync(NewSecondStep made) =>
        new(made, Request.Host.Host, (await PersonAsync()).Email ?? throw new NotFoundException());
}
