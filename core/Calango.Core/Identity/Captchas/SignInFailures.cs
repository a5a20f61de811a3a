using System.Security.Cryptography;
using System.Text;
using Calango.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// Knows who has failed to sign in several times just now, by the address that was entered and by where it came from: their browsers
/// then do some work first (<see cref="Captchas"/>). An address that nobody has counts like any other. Thread-safe.
/// </summary>
public sealed class SignInFailures
{
    /// <summary>How long one counts.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private const int Many = 3;

    private readonly Database _database;
    private readonly ILookupNormalizer _normalizer;
    private readonly TimeProvider _clock;
    private readonly byte[] _key;

    internal SignInFailures(Database database, ServerSecret secret, ILookupNormalizer normalizer, TimeProvider clock) =>
        (_database, _normalizer, _clock, _key) = (database, normalizer, clock, secret.Derive("failed sign-ins", 32));

    /// <summary>Whether there were many.</summary>
    /// <param name="email">With which address; null: none was entered yet.</param>
    /// <param name="network">From where.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<bool> AreManyAsync(string? email, string network, CancellationToken cancellationToken)
    {
        var (whose, since) = (Whose(email, network), _clock.GetUtcNow() - Window);
        return _database.ReadAsync(
            db => db.Set<FailedSignIn>().Where(failed => whose.Contains(failed.Whose) && failed.At > since)
                .GroupBy(failed => failed.Whose).AnyAsync(group => group.Count() >= Many, cancellationToken),
            cancellationToken);
    }

    /// <summary>Counts one.</summary>
    public Task CountAsync(string email, string network, CancellationToken cancellationToken)
    {
        var (whose, now) = (Whose(email, network), _clock.GetUtcNow());
        return _database.WriteAsync(
            async db =>
            {
                db.AddRange(whose.Select(one => new FailedSignIn { Id = Guid.CreateVersion7(now), Whose = one, At = now }));
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Forgets those with an address whose owner has come in; those from where they came stay, for they may be anybody's.</summary>
    public Task ForgetAsync(string email, CancellationToken cancellationToken)
    {
        var whose = Digest("address", _normalizer.NormalizeEmail(email));
        return _database.WriteAsync(db => db.Set<FailedSignIn>().Where(failed => failed.Whose == whose).ExecuteDeleteAsync(cancellationToken), cancellationToken);
    }

    private List<string> Whose(string? email, string network)
    {
        List<string> whose = [Digest("network", network)];
        if (email is not null)
        {
            whose.Add(Digest("address", _normalizer.NormalizeEmail(email)));
        }

        return whose;
    }

    private string Digest(string kind, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{kind} {text}")));
}
