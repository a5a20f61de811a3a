using Calango.Core.Errors;
using Microsoft.AspNetCore.Identity;

namespace Calango.Core.Identity;

/// <summary>Asks somebody who is in for their password once more: a browser left open shall change nothing of what proves them.</summary>
internal sealed class PasswordProof(UserManager<Credentials> manager, PasswordAttempts attempts)
{
    /// <summary>Goes on only with it. A wrong one counts as at the door.</summary>
    /// <exception cref="RejectedException">It is wrong, or too many wrong ones were tried.</exception>
    /// <exception cref="NotFoundException">They have none.</exception>
    public async Task<Credentials> DemandAsync(Guid accountId, string password, CancellationToken cancellationToken)
    {
        var credentials = await manager.FindByIdAsync(accountId.ToString());
        if (credentials?.PasswordHash is null)
        {
            throw new NotFoundException();
        }

        if (attempts.IsResting(credentials))
        {
            throw new RejectedException("account.locked");
        }

        if (!await manager.CheckPasswordAsync(credentials, password))
        {
            await attempts.CountWrongAsync(accountId, cancellationToken);
            throw new RejectedException("account.notPassword");
        }

        return credentials;
    }
}
