using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Calango.Core.Identity;

/// <summary>One login that was begun. Kept encrypted by the browser that began it, and by nobody else.</summary>
/// <param name="ProviderId">With whom.</param>
/// <param name="ProviderVersion">As which it was then.</param>
/// <param name="Purpose">What for.</param>
/// <param name="AccountId">Whose, where somebody is logged in already.</param>
/// <param name="ReturnAddress">To where the provider sends the browser back.</param>
/// <param name="ReturnTo">The page after that, on this server.</param>
/// <param name="StartedAt">When.</param>
internal sealed record LoginAttempt(
    Guid ProviderId, Guid ProviderVersion, LoginPurpose Purpose, Guid? AccountId, string ReturnAddress, string ReturnTo, DateTimeOffset StartedAt)
{
    private const int RandomBytes = 32;

    /// <summary>Names it in the browser's address.</summary>
    public string State { get; init; } = NewRandom();

    /// <summary>Names it in the id_token.</summary>
    public string Nonce { get; init; } = NewRandom();

    /// <summary>Shows the provider that whoever redeems the code has begun the login (RFC 7636).</summary>
    public string Verifier { get; init; } = NewRandom();

    /// <summary>What the provider is told of <see cref="Verifier"/> before.</summary>
    public string Challenge() => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{Purpose} with {ProviderId}";

    private static string NewRandom() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
}

/// <summary>What a login is for.</summary>
public enum LoginPurpose
{
    /// <summary>To be signed in.</summary>
    SignIn,

    /// <summary>To add the provider's login to an account.</summary>
    Link,

    /// <summary>To show once more that it is really them: they have to log in anew.</summary>
    Confirm,

    /// <summary>To show an administrator what comes of it; nobody is signed in.</summary>
    Try,
}
