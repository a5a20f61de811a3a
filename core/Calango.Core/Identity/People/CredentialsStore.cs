using Calango.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// Where ASP.NET Core Identity keeps what it knows of people. An account is made by <see cref="Accounts"/>, never by Identity
/// itself, and removed with all that is its.
/// </summary>
internal sealed partial class CredentialsStore(Database database) : IUserPasswordStore<Credentials>, IUserEmailStore<Credentials>, IUserLockoutStore<Credentials>, IUserSecurityStampStore<Credentials>
{
    public Task<IdentityResult> CreateAsync(Credentials user, CancellationToken cancellationToken) => throw new NotSupportedException("Accounts makes them.");

    public Task<IdentityResult> DeleteAsync(Credentials user, CancellationToken cancellationToken) => throw new NotSupportedException("Accounts removes them.");

    public async Task<IdentityResult> UpdateAsync(Credentials user, CancellationToken cancellationToken)
    {
        var seen = user.ConcurrencyStamp;
        user.ConcurrencyStamp = Credentials.NewStamp();
        return await database.WriteAsync(async db =>
        {
            var stored = await db.Set<Credentials>().AsTracking().SingleOrDefaultAsync(stored => stored.AccountId == user.AccountId && stored.ConcurrencyStamp == seen, cancellationToken);
            if (stored is null)
            {
                return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
            }

            db.Entry(stored).CurrentValues.SetValues(user);
            await db.SaveChangesAsync(cancellationToken);
            return IdentityResult.Success;
        }, cancellationToken);
    }

    public Task<Credentials?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Guid.TryParse(userId, out var id)
        ? database.ReadAsync(db => db.Set<Credentials>().SingleOrDefaultAsync(credentials => credentials.AccountId == id, cancellationToken), cancellationToken)
        : Task.FromResult<Credentials?>(null);

    public Task<Credentials?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<Credentials>().SingleOrDefaultAsync(credentials => credentials.NormalizedEmail == normalizedEmail, cancellationToken), cancellationToken);

    public Task<Credentials?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => FindByEmailAsync(normalizedUserName, cancellationToken);

    public void Dispose()
    {
        // Nothing is held between two calls.
    }
}
