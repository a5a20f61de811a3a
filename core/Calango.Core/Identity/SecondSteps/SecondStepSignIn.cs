using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// The second step of signing in. After the first, a right password, nobody is in: their browser keeps, closed, that it was right,
/// and is good for nothing but to be asked for a code.
/// </summary>
public sealed class SecondStepSignIn
{
    /// <summary>How long somebody may take for it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Database _database;
    private readonly SecondStepSeal _seal;
    private readonly PasswordAttempts _attempts;
    private readonly TimeProvider _clock;

    internal SecondStepSignIn(Database database, SecondStepSeal seal, PasswordAttempts attempts, TimeProvider clock) =>
        (_database, _seal, _attempts, _clock) = (database, seal, attempts, clock);

    /// <summary>Whether what a browser has kept still stands for a right password.</summary>
    public bool IsBegun(string? kept) => Open(kept) is not null;

    /// <summary>
    /// Checks a device's code, or a recovery code. Each counts once. Wrong ones count like wrong passwords, and after a right
    /// password they go on counting: whoever has only that guesses no more often for entering it again.
    /// </summary>
    /// <param name="kept">What the browser has kept since the password was right.</param>
    /// <param name="entered">The code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SecondStepCheck> CheckAsync(string? kept, string entered, CancellationToken cancellationToken) => Open(kept) is { } begun
        ? await _database.WriteAsync(db => CheckAsync(db, begun, entered, cancellationToken), cancellationToken)
        : new SecondStepCheck(AccountId: null, SecondStepOutcome.Over);

    internal string Begin(Credentials credentials) => _seal.Close(SecondStepPurpose.SignIn, new BegunStep(credentials.AccountId, credentials.SecurityStamp, _clock.GetUtcNow()));

    private BegunStep? Open(string? kept) => _seal.Open(SecondStepPurpose.SignIn, kept, Lifetime);

    private async Task<SecondStepCheck> CheckAsync(CalangoDb db, BegunStep begun, string entered, CancellationToken cancellationToken)
    {
        // What is tried at once is tried one by one, and each try is counted.
        var id = begun.AccountId;
        var credentials = await PasswordAttempts.TakeAsync(db, id, cancellationToken);
        if (credentials?.SecurityStamp != begun.Stamp || await db.Set<SecondStep>().AsTracking().SingleOrDefaultAsync(step => step.AccountId == id, cancellationToken) is not { } step)
        {
            return new SecondStepCheck(id, SecondStepOutcome.Over);
        }

        if (_attempts.IsResting(credentials) || await db.Set<Account>().AnyAsync(account => account.Id == id && account.SuspendedAt != null, cancellationToken))
        {
            return new SecondStepCheck(id, SecondStepOutcome.Wrong);
        }

        var outcome = await UseUpAsync(db, step, entered, cancellationToken);
        _attempts.Count(credentials, isWrong: outcome == SecondStepOutcome.Wrong);
        await db.SaveChangesAsync(cancellationToken);
        return new SecondStepCheck(id, outcome);
    }

    private async Task<SecondStepOutcome> UseUpAsync(CalangoDb db, SecondStep step, string entered, CancellationToken cancellationToken)
    {
        var code = string.Concat(entered.Where(letter => !char.IsWhiteSpace(letter)));
        if (_seal.OpenKey(step.AccountId, step.ProtectedKey) is { } key && Totp.StepOf(key, code, _clock.GetUtcNow(), step.LastTimeStep) is { } used)
        {
            step.LastTimeStep = used;
            return SecondStepOutcome.Right;
        }

        var hash = RecoveryCode.HashOf(entered);
        return await db.Set<RecoveryCode>().Where(recovery => recovery.AccountId == step.AccountId && recovery.TextHash == hash).ExecuteDeleteAsync(cancellationToken) == 0
            ? SecondStepOutcome.Wrong
            : SecondStepOutcome.RightOfRecovery;
    }
}

/// <summary>What came of a code.</summary>
/// <param name="AccountId">Whose it was to be; null: nobody's.</param>
/// <param name="Outcome">What came of it.</param>
public readonly record struct SecondStepCheck(Guid? AccountId, SecondStepOutcome Outcome);

/// <summary>What can come of a code.</summary>
public enum SecondStepOutcome
{
    /// <summary>It was none, or was used, or too many were tried: nobody is told which.</summary>
    Wrong,

    /// <summary>It took too long, or something else about the account has changed: they begin again with the password.</summary>
    Over,

    /// <summary>It was the device's.</summary>
    Right,

    /// <summary>It was a recovery code, which is gone now.</summary>
    RightOfRecovery,
}
