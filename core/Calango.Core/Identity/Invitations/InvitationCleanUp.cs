using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>Removes invitations that nobody can use any more.</summary>
internal sealed class InvitationCleanUp(Database database, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 500;

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.WriteAsync(
            db => db.Set<Invitation>().Where(invitation => invitation.ExpiresAt <= now).OrderBy(invitation => invitation.Id).Take(AtOnce).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}
