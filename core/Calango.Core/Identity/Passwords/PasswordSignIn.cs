using Calango.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// Checks an address and a password. Whatever is wrong (the address, the password, or that too many were tried) costs the same one
/// hash and gives the same answer: nobody learns who has an account.
/// </summary>
public sealed class PasswordSignIn(UserManager<Credentials> manager, PasswordHashes hashes, PasswordAttempts attempts, SecondStepSignIn secondStep, Database database)
{
    /// <summary>Whose they are, and whether they open the door.</summary>
    public async Task<PasswordCheck> CheckAsync(string email, string password, CancellationToken cancellationToken)
    {
        var credentials = await manager.FindByEmailAsync(email);
        if (credentials?.PasswordHash is null || attempts.IsResting(credentials))
        {
            hashes.CompareWithNothing(password);
            return new PasswordCheck(credentials?.AccountId, IsIn: false);
        }

        if (!await manager.CheckPasswordAsync(credentials, password))
        {
            await attempts.CountWrongAsync(credentials.AccountId, cancellationToken);
            return new PasswordCheck(credentials.AccountId, IsIn: false);
        }

        var (isSuspended, hasSecondStep, needsPasskey) = await LookAsync(credentials.AccountId, cancellationToken);
        if (hasSecondStep)
        {
            return new PasswordCheck(credentials.AccountId, IsIn: false) { Begun = isSuspended ? null : secondStep.Begin(credentials) };
        }

        var isRight = await attempts.CountRightAsync(credentials.AccountId, cancellationToken) && !isSuspended;
        return new PasswordCheck(credentials.AccountId, isRight && !needsPasskey) { NeedsPasskey = isRight && needsPasskey };
    }

    private Task<(bool IsSuspended, bool HasSecondStep, bool NeedsPasskey)> LookAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var demanded = SecondStepPolicy.Demanded(db);
            var found = await db.Set<Account>().Where(account => account.Id == accountId)
                .Select(account => new
                {
                    IsSuspended = account.SuspendedAt != null,
                    HasSecondStep = db.Set<SecondStep>().Any(step => step.AccountId == accountId),
                    NeedsPasskey = demanded.Any(other => other.Id == accountId) && db.Set<Passkey>().Any(passkey => passkey.AccountId == accountId),
                }).SingleAsync(cancellationToken);
            return (found.IsSuspended, found.HasSecondStep, found.NeedsPasskey);
        },
        cancellationToken);
}

/// <summary>What came of an address and a password.</summary>
/// <param name="AccountId">Whose address it is, for the log of acts alone; null: nobody's.</param>
/// <param name="IsIn">Whether they may come in.</param>
public readonly record struct PasswordCheck(Guid? AccountId, bool IsIn)
{
    /// <summary>What their browser keeps until the second step, without which they are not in; null: there is none for them.</summary>
    public string? Begun { get; init; }

    /// <summary>Whether they are right and not enough: of its owner more than a password is demanded, and what they have is a passkey.</summary>
    public bool NeedsPasskey { get; init; }
}
