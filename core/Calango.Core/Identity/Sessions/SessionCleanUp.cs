using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>Removes sessions that have ended, a day later: streams of every replica have heard of it by then.</summary>
internal sealed class SessionCleanUp(Database database, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() - Kept;
        return database.WriteAsync(
            db => db.Set<Session>().Where(session => session.ExpiresAt <= until || session.EndedAt <= until).OrderBy(session => session.Id).Take(AtOnce).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}
