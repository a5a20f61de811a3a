using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Primitives;

namespace Calango.Core.Identity;

/// <summary>
/// Logins with others: begun here, gone on with at the provider, finished here by the same browser. Whoever comes back is an
/// <see cref="ExternalIdentity"/>; which account that is, if any, is not decided here. Thread-safe.
/// </summary>
public sealed class Logins : IDisposable
{
    private readonly Func<Guid, CancellationToken, Task<LoginClient?>> _find;
    private readonly TimeProvider _clock;
    private readonly LoginSeal _seal;
    private readonly LogoutsSeen _logouts = new();
    private readonly ConcurrentDictionary<Guid, Spoken> _spoken = [];

    internal Logins(Func<Guid, CancellationToken, Task<LoginClient?>> find, IDataProtectionProvider protection, TimeProvider clock) =>
        (_find, _clock, _seal) = (find, clock, new LoginSeal(protection, clock));

    /// <summary>How long somebody may take to log in.</summary>
    public static TimeSpan Lifetime => LoginSeal.Lifetime;

    /// <summary>Begins a login.</summary>
    /// <exception cref="LoginRefusedException">There is no such provider, or it cannot be used now.</exception>
    public async Task<BegunLogin> BeginAsync(Guid providerId, LoginWish wish, CancellationToken cancellationToken)
    {
        var client = await FindAsync(providerId, wish.Purpose, cancellationToken);
        var attempt = new LoginAttempt(
            client.Id, client.Version, wish.Purpose, wish.AccountId, wish.ReturnAddress.AbsoluteUri, LocalPath.Of(wish.ReturnTo), _clock.GetUtcNow());
        return new BegunLogin(await ProtocolOf(client).BeginAsync(attempt, cancellationToken), NameOf(attempt.State), _seal.Close(attempt));
    }

    /// <summary>Under which name a browser keeps a login that was begun; null: this is the name of none.</summary>
    public static string? NameOf(StringValues state) => state is [{ Length: > 0 } one] ? NameOf(one) : null;

    /// <summary>Finishes a login.</summary>
    /// <param name="providerId">To whose return address the browser came.</param>
    /// <param name="kept">What it kept since it was begun; null: nothing.</param>
    /// <param name="query">What it brought from the provider.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LoginRefusedException">A check failed.</exception>
    public async Task<FinishedLogin> FinishAsync(
        Guid providerId, string? kept, IEnumerable<KeyValuePair<string, StringValues>> query, CancellationToken cancellationToken)
    {
        var parameters = query.ToDictionary(StringComparer.Ordinal);
        var attempt = _seal.Open(kept, Only("state"), providerId);
        var client = await FindAsync(attempt, cancellationToken);
        var identity = await ProtocolOf(client).FinishAsync(attempt, new ProviderReply(Only("code"), Only("error"), Only("iss")), cancellationToken);
        // An administrator may have turned the provider off while it was asked.
        await FindAsync(attempt, cancellationToken);
        return new FinishedLogin(identity, attempt.Purpose, attempt.AccountId, attempt.ReturnTo);

        string? Only(string name) => !parameters.TryGetValue(name, out var values) || values.Count == 0 ? null
            : values.Count == 1 ? values[0]
            : throw new LoginRefusedException(LoginRefusal.AnswerAmbiguous);
    }

    /// <summary>Whom a provider says to have logged out.</summary>
    /// <exception cref="LoginRefusedException">A check failed.</exception>
    public async Task<ExternalLogout> ReadLogoutAsync(Guid providerId, string token, CancellationToken cancellationToken) =>
        ProtocolOf(await FindAsync(providerId, LoginPurpose.SignIn, cancellationToken)) is OidcLogin oidc
            ? await oidc.ReadLogoutAsync(token, _logouts, cancellationToken)
            : throw new LoginRefusedException(LoginRefusal.NotSupported);

    /// <summary>Where somebody goes to log out at the provider, too; null: it has no such page.</summary>
    /// <param name="providerId">With whose login they came.</param>
    /// <param name="idToken">The <see cref="ExternalIdentity.IdToken"/> with which they came.</param>
    /// <param name="returnAddress">To where the provider sends them back.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LoginRefusedException">The provider is off, or cannot be asked now.</exception>
    public async Task<Uri?> EndSessionAsync(Guid providerId, string? idToken, Uri returnAddress, CancellationToken cancellationToken) =>
        ProtocolOf(await FindAsync(providerId, LoginPurpose.SignIn, cancellationToken)) is OidcLogin oidc
            ? await oidc.EndSessionAsync(idToken, returnAddress.AbsoluteUri, cancellationToken)
            : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var spoken in _spoken.Values)
        {
            spoken.Protocol.Dispose();
        }
    }

    // The state itself is in the address; a cookie's name is seen by more than its value.
    private static string NameOf(string state) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)).AsSpan(0, 8));

    private async Task<LoginClient> FindAsync(Guid providerId, LoginPurpose purpose, CancellationToken cancellationToken) =>
        await _find(providerId, cancellationToken) is { } client && (client.IsOn || purpose == LoginPurpose.Try)
            ? client
            : throw new LoginRefusedException(LoginRefusal.ProviderOff);

    private async Task<LoginClient> FindAsync(LoginAttempt attempt, CancellationToken cancellationToken) =>
        await FindAsync(attempt.ProviderId, attempt.Purpose, cancellationToken) is var client && client.Version == attempt.ProviderVersion
            ? client
            : throw new LoginRefusedException(LoginRefusal.ProviderChanged);

    private ILoginProtocol ProtocolOf(LoginClient client)
    {
        if (_spoken.TryGetValue(client.Id, out var spoken) && spoken.Version == client.Version)
        {
            return spoken.Protocol;
        }

        // Its keys and connections are of what was entered: after a change nothing of them is used. Who finishes with the one
        // before just now may do so; what it has open ends by itself.
        ILoginProtocol protocol = client.Kind == LoginProviderKind.GitHub ? new GitHubLogin(client, _clock) : new OidcLogin(client, _clock);
        _spoken[client.Id] = new Spoken(client.Version, protocol);
        return protocol;
    }

    private sealed record Spoken(Guid Version, ILoginProtocol Protocol);
}

/// <summary>How a login is begun.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="AccountId">Who is signed in; null: nobody.</param>
/// <param name="ReturnAddress">To where the provider sends the browser back: one for each provider.</param>
/// <param name="ReturnTo">The page after that, as the browser asked for it.</param>
public sealed record LoginWish(LoginPurpose Purpose, Guid? AccountId, Uri ReturnAddress, string? ReturnTo);

/// <summary>A login that was begun.</summary>
/// <param name="Address">Where the browser goes.</param>
/// <param name="Name">Under which name it keeps <paramref name="Kept"/>.</param>
/// <param name="Kept">What it keeps, and nobody can read.</param>
public sealed record BegunLogin(Uri Address, string Name, string Kept);
