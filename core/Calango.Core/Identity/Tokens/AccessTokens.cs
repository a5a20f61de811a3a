using System.Security.Cryptography;
using System.Text;
using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// The tokens of people's programs. What one may do is looked up at each use: its owner's role counts as it is then. Thread-safe.
/// </summary>
public sealed class AccessTokens(Database database, SessionEnds ends, TimeProvider clock)
{
    /// <summary>How many somebody can have.</summary>
    public const int MostOfOne = 50;

    /// <summary>How long one can be used at most.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(366);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Makes one, and returns its text; it is known to nobody else, and not kept.</summary>
    /// <exception cref="RejectedException"><c>tokens.tooMany</c></exception>
    public async Task<string> MakeAsync(Guid accountId, NewAccessToken wanted, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted.Lifetime, LongestLifetime);
        var (text, now) = (TokenText.Make(), clock.GetUtcNow());
        await database.WriteAsync(
            async db =>
            {
                if (await db.Set<AccessToken>().CountAsync(token => token.AccountId == accountId && token.ExpiresAt > now, cancellationToken) >= MostOfOne)
                {
                    throw new RejectedException("tokens.tooMany");
                }

                db.Add(new AccessToken
                {
                    Id = Guid.CreateVersion7(now),
                    AccountId = accountId,
                    Name = wanted.Name,
                    Beginning = TokenText.BeginningOf(text),
                    TextHash = Hash(text),
                    Scopes = wanted.Scopes,
                    CreatedAt = now,
                    ExpiresAt = now + wanted.Lifetime,
                });
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return text;
    }

    /// <summary>Somebody's, the newest first; those that are over are among them until they are cleaned up.</summary>
    public Task<List<AccessToken>> ListAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Set<AccessToken>().Where(token => token.AccountId == accountId).OrderByDescending(token => token.Id).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>Takes one away: it opens nothing more, and what it has opened ends.</summary>
    /// <exception cref="NotFoundException">Not there, or somebody else's.</exception>
    public async Task RevokeAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        if (await database.WriteAsync(db => db.Set<AccessToken>().Where(token => token.Id == id && token.AccountId == accountId).ExecuteDeleteAsync(cancellationToken), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        ends.Tell([id]);
    }

    /// <summary>For whom a program speaks, and what it may do, as of this moment; null: with this text nothing.</summary>
    public async Task<TokenBearer?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (!TokenText.IsWhole(text))
        {
            return null;
        }

        var (hash, now) = (Hash(text), clock.GetUtcNow());
        var found = await database.ReadAsync(
            db =>
            {
                var lacking = SecondStepPolicy.Lacking(db);
                var open = from token in db.Set<AccessToken>()
                           join account in db.Set<Account>() on token.AccountId equals account.Id
                           join role in db.Set<Role>() on account.RoleId equals role.Id
                           where token.TextHash == hash && token.ExpiresAt > now && account.SuspendedAt == null && account.RemoveAt == null && (role.Grants & Grants.Programs) != 0
                           select new { Token = token, account.Name, role.Grants, LacksSecondStep = lacking.Any(other => other.Id == account.Id) };
                return open.SingleOrDefaultAsync(cancellationToken);
            },
            cancellationToken);
        if (found is null)
        {
            return null;
        }

        if (found.Token.UsedAt is not { } used || now - used >= Minute)
        {
            await NoteAsync(found.Token.Id, now, cancellationToken);
        }

        return new TokenBearer(found.Token.Id, found.Token.AccountId, found.Name, found.Grants & ~Grants.Administer, found.Token.Scopes) { LacksSecondStep = found.LacksSecondStep };
    }

    private Task NoteAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.Set<AccessToken>().Where(token => token.Id == id).ExecuteUpdateAsync(set => set.SetProperty(token => token.UsedAt, now), cancellationToken),
        cancellationToken);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

/// <summary>A token that somebody wants.</summary>
/// <param name="Name">What they call it.</param>
/// <param name="Scopes">What it may be used for.</param>
/// <param name="Lifetime">How long, at most <see cref="AccessTokens.LongestLifetime"/>.</param>
public sealed record NewAccessToken(string Name, TokenScopes Scopes, TimeSpan Lifetime);

/// <summary>For whom a program speaks.</summary>
/// <param name="TokenId">With which token.</param>
/// <param name="AccountId">Its owner.</param>
/// <param name="Name">How they are called.</param>
/// <param name="Grants">What they may do, without <see cref="Grants.Administer"/>: a program that loses its token loses no server.</param>
/// <param name="Scopes">What the token may be used for.</param>
public sealed record TokenBearer(Guid TokenId, Guid AccountId, string Name, Grants Grants, TokenScopes Scopes)
{
    /// <summary>Whether they must have a second step, and have none: nothing is for them until they do.</summary>
    public bool LacksSecondStep { get; init; }
}
