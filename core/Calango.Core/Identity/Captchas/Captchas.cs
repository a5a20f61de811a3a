using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Calango.Core.Data;

namespace Calango.Core.Identity;

/// <summary>
/// Asks a browser for some work before a form is taken: little for one person, much for a program that sends thousands. It slows
/// programs down and does not stop them. The format is ALTCHA's first version (altcha.org). A challenge is kept nowhere until it was
/// answered, and is good once, on any replica. Thread-safe.
/// </summary>
public sealed partial class Captchas
{
    /// <summary>How long one can be answered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const string Algorithm = "SHA-256";
    private const int MaxNumber = 100_000;
    private const int SaltDigits = 24;
    private const int MaxAnswerLength = 1_000;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, AllowDuplicateProperties = false, MaxDepth = 2 };

    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly byte[] _key;

    internal Captchas(Database database, ServerSecret secret, TimeProvider clock) => (_database, _clock, _key) = (database, clock, secret.Derive("captchas", 32));

    /// <summary>Makes one.</summary>
    public CaptchaChallenge Make()
    {
        // The mark at its end is in no number: digits of the one cannot pass for digits of the other, and so put the end off.
        var salt = string.Create(CultureInfo.InvariantCulture, $"{RandomNumberGenerator.GetHexString(SaltDigits, lowercase: true)}?expires={(_clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds()}&");
        var challenge = Hash(salt, RandomNumberGenerator.GetInt32(MaxNumber + 1));
        return new CaptchaChallenge(Algorithm, challenge, MaxNumber, salt, Sign(challenge));
    }

    /// <summary>Whether somebody has done the work of a challenge that is still good; it is not from now on, however often it is sent at once.</summary>
    /// <param name="answer">The challenge with its number, as JSON in base64.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> UseUpAsync(string? answer, CancellationToken cancellationToken)
    {
        if (Read(answer) is not { Algorithm: Algorithm, Challenge: { } challenge, Salt: { } salt, Signature: { } signature } read
            || !IsSame(signature, Sign(challenge)) || !IsSame(challenge, Hash(salt, read.Number)) || EndOf(salt) is not { } end || end <= _clock.GetUtcNow())
        {
            return false;
        }

        try
        {
            await _database.WriteAsync(
                async db =>
                {
                    db.Add(new UsedCaptcha { Challenge = challenge, ExpiresAt = end });
                    await db.SaveChangesAsync(cancellationToken);
                },
                cancellationToken);
            return true;
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            return false;
        }
    }

    private static Answer? Read(string? text)
    {
        try
        {
            return text is null or { Length: > MaxAnswerLength } ? null : JsonSerializer.Deserialize<Answer>(Convert.FromBase64String(text), Json);
        }
        catch (Exception garbage) when (garbage is FormatException or JsonException)
        {
            return null;
        }
    }

    private static DateTimeOffset? EndOf(string salt) =>
        SaltForm().Match(salt) is { Success: true } found ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) : null;

    private static string Hash(string salt, int number) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{salt}{number}"))));

    private string Sign(string challenge) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(challenge)));

    private static bool IsSame(string left, string right) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    [GeneratedRegex(@"\A[0-9a-f]{24}\?expires=([0-9]{1,11})&\z", RegexOptions.CultureInvariant)]
    private static partial Regex SaltForm();

    private sealed record Answer(string? Algorithm, string? Challenge, int Number, string? Salt, string? Signature);
}
