using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// The second steps of people who sign in with a password. Setting one up, changing it and turning it off ask for the password
/// again; with each, everything that was begun before is worth nothing, and other sessions end.
/// </summary>
public sealed class SecondSteps
{
    private static readonly TimeSpan SetUpLifetime = TimeSpan.FromMinutes(15);

    private readonly Database _database;
    private readonly SecondStepSeal _seal;
    private readonly PasswordProof _proof;
    private readonly Sessions _sessions;
    private readonly TimeProvider _clock;

    internal SecondSteps(Database database, SecondStepSeal seal, PasswordProof proof, Sessions sessions, TimeProvider clock) =>
        (_database, _seal, _proof, _sessions, _clock) = (database, seal, proof, sessions, clock);

    /// <summary>Somebody's; null: their password is enough.</summary>
    public Task<SecondStepState?> FindAsync(Guid accountId, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.Set<SecondStep>().Where(step => step.AccountId == accountId)
            .Select(step => new SecondStepState(step.CreatedAt, db.Set<RecoveryCode>().Count(code => code.AccountId == accountId))).SingleOrDefaultAsync(cancellationToken),
        cancellationToken);

    /// <summary>Of whom one is demanded.</summary>
    public Task<SecondStepDemand> DemandAsync(CancellationToken cancellationToken) =>
        _database.ReadAsync(db => db.Set<SecondStepPolicy>().Select(policy => policy.Demand).SingleAsync(cancellationToken), cancellationToken);

    /// <summary>Demands one. Whoever lacks it can do nothing else from their next request on.</summary>
    public Task SetDemandAsync(SecondStepDemand demand, CancellationToken cancellationToken) => _database.WriteAsync(
        db => db.Set<SecondStepPolicy>().ExecuteUpdateAsync(set => set.SetProperty(policy => policy.Demand, demand), cancellationToken), cancellationToken);

    /// <summary>Makes a key for somebody's device. It counts once they have shown that the device has it.</summary>
    /// <exception cref="RejectedException">The password is wrong, too many were tried, or they have a second step.</exception>
    public async Task<NewSecondStep> BeginAsync(Guid accountId, string password, CancellationToken cancellationToken)
    {
        var credentials = await _proof.DemandAsync(accountId, password, cancellationToken);
        if (await FindAsync(accountId, cancellationToken) is not null)
        {
            throw new RejectedException("secondStep.there");
        }

        var key = Totp.NewKey();
        return new NewSecondStep(Totp.TextOf(key), _seal.Close(SecondStepPurpose.SetUp, new BegunStep(accountId, credentials.SecurityStamp, _clock.GetUtcNow(), key)));
    }

    /// <summary>The key that was made, to be shown once more; null: it was made too long ago, or for somebody else.</summary>
    public NewSecondStep? Recall(Guid accountId, string? kept) => Open(accountId, kept) is { } begun ? new NewSecondStep(Totp.TextOf(begun.Key!), kept!) : null;

    /// <summary>Asks for a code at each sign-in from now on.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="kept">What their browser has kept since the key was made.</param>
    /// <param name="entered">A code that the device has made with it.</param>
    /// <param name="session">The session that goes on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The recovery codes, which can never be read again.</returns>
    /// <exception cref="RejectedException">The code is wrong, or it took too long.</exception>
    public async Task<IReadOnlyList<string>> TurnOnAsync(Guid accountId, string? kept, string entered, Guid session, CancellationToken cancellationToken)
    {
        var begun = Open(accountId, kept) ?? throw new RejectedException("secondStep.over");
        var used = Totp.StepOf(begun.Key!, string.Concat(entered.Where(letter => !char.IsWhiteSpace(letter))), _clock.GetUtcNow(), after: 0) ?? throw new RejectedException("secondStep.code");
        var step = new SecondStep { AccountId = accountId, ProtectedKey = _seal.CloseKey(accountId, begun.Key!), LastTimeStep = used, CreatedAt = _clock.GetUtcNow() };
        var codes = await _database.WriteAsync(
            async db =>
            {
                if (await RenewStampAsync(db, accountId, begun.Stamp, cancellationToken) == 0)
                {
                    throw new RejectedException("secondStep.over");
                }

                db.Add(step);
                return await AddCodesAsync(db, accountId, cancellationToken);
            },
            cancellationToken);
        await _sessions.EndAllAsync(accountId, except: session, cancellationToken);
        return codes;
    }

    /// <summary>Makes new recovery codes; those before open nothing any more.</summary>
    /// <returns>The codes, which can never be read again.</returns>
    /// <exception cref="RejectedException">The password is wrong, or too many were tried.</exception>
    /// <exception cref="NotFoundException">They have no second step.</exception>
    public async Task<IReadOnlyList<string>> RenewCodesAsync(Guid accountId, string password, CancellationToken cancellationToken)
    {
        await _proof.DemandAsync(accountId, password, cancellationToken);
        return await _database.WriteAsync(
            async db =>
            {
                // Takes the row: whoever comes second removes what the first has made.
                var taken = await db.Set<SecondStep>().Where(step => step.AccountId == accountId)
                    .ExecuteUpdateAsync(set => set.SetProperty(step => step.LastTimeStep, step => step.LastTimeStep), cancellationToken);
                await db.Set<RecoveryCode>().Where(code => code.AccountId == accountId).ExecuteDeleteAsync(cancellationToken);
                return taken == 0 ? throw new NotFoundException() : await AddCodesAsync(db, accountId, cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Asks for no code any more.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="password">Their password.</param>
    /// <param name="session">The session that goes on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException">The password is wrong, or too many were tried.</exception>
    /// <exception cref="NotFoundException">They have no second step.</exception>
    public async Task TurnOffAsync(Guid accountId, string password, Guid session, CancellationToken cancellationToken)
    {
        await _proof.DemandAsync(accountId, password, cancellationToken);
        await RemoveAsync(accountId, session, cancellationToken);
    }

    /// <summary>Takes somebody's away, who has lost their device. All their sessions end: whoever has the device is out.</summary>
    /// <exception cref="NotFoundException">They have none.</exception>
    public Task TakeAwayAsync(Guid accountId, CancellationToken cancellationToken) => RemoveAsync(accountId, session: null, cancellationToken);

    private BegunStep? Open(Guid accountId, string? kept) =>
        _seal.Open(SecondStepPurpose.SetUp, kept, SetUpLifetime) is { Key: not null } begun && begun.AccountId == accountId ? begun : null;

    private async Task RemoveAsync(Guid accountId, Guid? session, CancellationToken cancellationToken)
    {
        await _database.WriteAsync(
            async db =>
            {
                await RenewStampAsync(db, accountId, stamp: null, cancellationToken);
                if (await db.Set<SecondStep>().Where(step => step.AccountId == accountId).ExecuteDeleteAsync(cancellationToken) == 0)
                {
                    throw new NotFoundException();
                }
            },
            cancellationToken);
        await _sessions.EndAllAsync(accountId, except: session, cancellationToken);
    }

    private static Task<int> RenewStampAsync(CalangoDb db, Guid accountId, string? stamp, CancellationToken cancellationToken)
    {
        var (security, concurrency) = (Credentials.NewStamp(), Credentials.NewStamp());
        return db.Set<Credentials>().Where(credentials => credentials.AccountId == accountId && (stamp == null || credentials.SecurityStamp == stamp)).ExecuteUpdateAsync(
            set => set.SetProperty(credentials => credentials.SecurityStamp, security).SetProperty(credentials => credentials.ConcurrencyStamp, concurrency), cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> AddCodesAsync(CalangoDb db, Guid accountId, CancellationToken cancellationToken)
    {
        var texts = Enumerable.Range(0, RecoveryCode.Count).Select(_ => RecoveryCode.NewText()).ToList();
        db.AddRange(texts.Select(text => new RecoveryCode { AccountId = accountId, TextHash = RecoveryCode.HashOf(text) }));
        await db.SaveChangesAsync(cancellationToken);
        return texts;
    }
}

/// <summary>Somebody's second step, as they see it.</summary>
/// <param name="CreatedAt">Since when.</param>
/// <param name="CodesLeft">How many recovery codes they have not used.</param>
public sealed record SecondStepState(DateTimeOffset CreatedAt, int CodesLeft);

/// <summary>A key for a device that does not count yet.</summary>
/// <param name="Key">The key, as devices take it.</param>
/// <param name="Kept">What the browser keeps until the device's first code.</param>
public sealed record NewSecondStep(string Key, string Kept)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => nameof(NewSecondStep);
}
