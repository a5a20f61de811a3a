using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>Makes accounts. Each way to one ends here.</summary>
public sealed class Accounts(Database database, IPasswordHasher<Credentials> hasher, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>Whether the first account has been made; it still has where that account was removed since.</summary>
    public Task<bool> AreSetUpAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<Account>().AllAsync(account => account.Id != Account.LocalId || db.Set<Credentials>().Any(credentials => credentials.AccountId == account.Id), cancellationToken), cancellationToken);

    /// <summary>
    /// Makes the first person the one who runs the server: the account that is there from the beginning becomes theirs, with all that
    /// it has. However many try at once, one does.
    /// </summary>
    /// <returns>The account's id.</returns>
    /// <exception cref="NotFoundException">Somebody was first.</exception>
    public async Task<Guid> SetUpAsync(NewPerson person, CancellationToken cancellationToken)
    {
        var credentials = CredentialsOf(Account.LocalId, person);
        await database.WriteAsync(
            async db =>
            {
                // Takes the row: whoever comes second waits here, and then finds it taken.
                var there = await db.Set<Account>().Where(account => account.Id == Account.LocalId).ExecuteUpdateAsync(set => set.SetProperty(account => account.Name, person.Name), cancellationToken);
                if (there == 0 || await db.Set<Credentials>().AnyAsync(credentials => credentials.AccountId == Account.LocalId, cancellationToken))
                {
                    throw new NotFoundException();
                }

                db.Add(credentials);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return Account.LocalId;
    }

    /// <summary>Makes an account within a unit of work.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="RejectedException">The address has an account.</exception>
    internal async Task<Guid> AddAsync(CalangoDb db, NewPerson person, Guid roleId, CancellationToken cancellationToken)
    {
        await RefuseTakenAsync(db, person.Email, cancellationToken);
        var account = Add(db, person.Name, roleId);
        db.Add(CredentialsOf(account.Id, person));
        await Roles.HoldAsync(db, roleId, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return account.Id;
    }

    /// <summary>Makes the account of somebody who has no password, within a unit of work.</summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="name">How they are called.</param>
    /// <param name="email">The address that was shown to be theirs, and that nobody has; null: none was.</param>
    /// <param name="roleId">What they may do.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its id.</returns>
    internal async Task<Guid> AddWithoutPasswordAsync(CalangoDb db, string name, string? email, Guid roleId, CancellationToken cancellationToken)
    {
        var account = Add(db, name, roleId);
        if (email is not null)
        {
            var credentials = CredentialsOf(account.Id, email);
            credentials.IsEmailConfirmed = true;
            db.Add(credentials);
        }

        await Roles.HoldAsync(db, roleId, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return account.Id;
    }

    /// <exception cref="RejectedException">The address has an account.</exception>
    internal async Task RefuseTakenAsync(CalangoDb db, string email, CancellationToken cancellationToken)
    {
        var normalized = normalizer.NormalizeEmail(email);
        if (await db.Set<Credentials>().AnyAsync(credentials => credentials.NormalizedEmail == normalized, cancellationToken))
        {
            throw new RejectedException("people.emailTaken");
        }
    }

    private Account Add(CalangoDb db, string name, Guid roleId)
    {
        var account = new Account { Id = Guid.CreateVersion7(clock.GetUtcNow()), Name = name, RoleId = roleId, CreatedAt = clock.GetUtcNow() };
        db.Add(account);
        return account;
    }

    private Credentials CredentialsOf(Guid accountId, NewPerson person)
    {
        var credentials = CredentialsOf(accountId, person.Email);
        credentials.IsEmailConfirmed = person.IsEmailConfirmed;
        credentials.PasswordHash = hasher.HashPassword(credentials, person.Password);
        return credentials;
    }

    private Credentials CredentialsOf(Guid accountId, string email) => new()
    {
        AccountId = accountId,
        Email = email,
        NormalizedEmail = normalizer.NormalizeEmail(email),
        SecurityStamp = Credentials.NewStamp(),
        ConcurrencyStamp = Credentials.NewStamp(),
    };
}
