using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>Removes tokens whose time has been over for a month: until then their owner sees why a program was refused.</summary>
internal sealed class TokenCleanUp(Database database, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() - Kept;
        return database.WriteAsync(
            db => db.Set<AccessToken>().Where(token => token.ExpiresAt <= until).OrderBy(token => token.Id).Take(AtOnce).ExecuteDeleteAsync(cancellationToken), cancellationToken);
    }
}
