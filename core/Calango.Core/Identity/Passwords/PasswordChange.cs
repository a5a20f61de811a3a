using Calango.Core.Errors;
using Microsoft.AspNetCore.Identity;

namespace Calango.Core.Identity;

/// <summary>Changes somebody's password. All their other sessions end: whoever knew the old one is out.</summary>
public sealed class PasswordChange(UserManager<Credentials> manager, PasswordAttempts attempts, Sessions sessions)
{
    /// <summary>Changes it.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="current">The one that counts now.</param>
    /// <param name="next">The one that counts from now on.</param>
    /// <param name="session">The session that goes on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException">The current one is wrong, or too many wrong ones were tried.</exception>
    public async Task RunAsync(Guid accountId, string current, string next, Guid session, CancellationToken cancellationToken)
    {
        var credentials = await manager.FindByIdAsync(accountId.ToString()) ?? throw new NotFoundException();
        if (attempts.IsResting(credentials))
        {
            throw new RejectedException("account.locked");
        }

        var changed = await manager.ChangePasswordAsync(credentials, current, next);
        if (!changed.Succeeded)
        {
            await attempts.CountWrongAsync(accountId, cancellationToken);
            throw new RejectedException("account.wrongPassword");
        }

        await sessions.EndAllAsync(accountId, except: session, cancellationToken);
    }
}
