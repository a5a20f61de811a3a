using Calango.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Calango.Core.Identity;

/// <summary>
/// Counts what was tried in vain with an account, after which it rests for a while. The count is taken in the account's row, by one
/// after another: Identity's own gives way where several are tried at once, and those would be free. Thread-safe.
/// </summary>
public sealed class PasswordAttempts(Database database, IOptions<IdentityOptions> options, TimeProvider clock)
{
    /// <summary>Whether nothing is tried with it now.</summary>
    public bool IsResting(Credentials credentials) => credentials.LockedUntil > clock.GetUtcNow();

    /// <summary>Counts a wrong password.</summary>
    public Task CountWrongAsync(Guid accountId, CancellationToken cancellationToken) => CountAsync(accountId, isWrong: true, cancellationToken);

    /// <summary>Begins the count again after a right one; false: wrong ones came meanwhile, the account rests, and it opens nothing.</summary>
    public Task<bool> CountRightAsync(Guid accountId, CancellationToken cancellationToken) => CountAsync(accountId, isWrong: false, cancellationToken);

    /// <summary>Somebody's credentials, which nobody else takes until the end of the transaction; null: they have none.</summary>
    internal static async Task<Credentials?> TakeAsync(CalangoDb db, Guid accountId, CancellationToken cancellationToken)
    {
        var stamp = Credentials.NewStamp();
        await db.Set<Credentials>().Where(credentials => credentials.AccountId == accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(credentials => credentials.ConcurrencyStamp, stamp), cancellationToken);
        return await db.Set<Credentials>().AsTracking().SingleOrDefaultAsync(credentials => credentials.AccountId == accountId, cancellationToken);
    }

    /// <summary>Counts one of those that were taken.</summary>
    internal void Count(Credentials taken, bool isWrong)
    {
        var lockout = options.Value.Lockout;
        taken.FailedAttempts = isWrong ? taken.FailedAttempts + 1 : 0;
        if (taken.FailedAttempts >= lockout.MaxFailedAccessAttempts)
        {
            (taken.FailedAttempts, taken.LockedUntil) = (0, clock.GetUtcNow() + lockout.DefaultLockoutTimeSpan);
        }
    }

    private Task<bool> CountAsync(Guid accountId, bool isWrong, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            if (await TakeAsync(db, accountId, cancellationToken) is not { } taken || IsResting(taken))
            {
                return false;
            }

            Count(taken, isWrong);
            await db.SaveChangesAsync(cancellationToken);
            return true;
        },
        cancellationToken);
}
