using System.Text.Json;

namespace Calango.Core.Identity;

/// <summary>Somebody, as a provider names them. All of it was checked to come from there.</summary>
/// <param name="ProviderId">Whose login it is.</param>
/// <param name="Issuer">The provider's name of itself. With <see cref="Subject"/> it is who they are; nothing else is.</param>
/// <param name="Subject">The provider's name of the person, which never becomes another's.</param>
public sealed record ExternalIdentity(Guid ProviderId, string Issuer, string Subject)
{
    /// <summary>Their e-mail address; null: none is told. Anybody may write anything here unless <see cref="EmailVerified"/>.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the provider says that the address is theirs.</summary>
    public bool EmailVerified { get; init; }

    /// <summary>For people; null: none is told.</summary>
    public string? Name { get; init; }

    /// <summary>Their groups there.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The provider's session, which a logout names; null: it names none.</summary>
    public string? SessionId { get; init; }

    /// <summary>What shows the provider whom to log out; null: it has no such thing.</summary>
    public string? IdToken { get; init; }

    /// <summary>All that was told, as an object.</summary>
    public JsonElement Claims { get; init; }

    /// <summary>Without what is personal or a secret.</summary>
    public override string ToString() => $"somebody of {ProviderId}";
}

/// <summary>A provider says that somebody logged out there.</summary>
/// <param name="ProviderId">Which one.</param>
/// <param name="Subject">Who; null: whoever has the session.</param>
/// <param name="SessionId">In which session; null: in all.</param>
public sealed record ExternalLogout(Guid ProviderId, string? Subject, string? SessionId);

/// <summary>A login that a provider vouches for.</summary>
/// <param name="Identity">Who.</param>
/// <param name="Purpose">What it was begun for.</param>
/// <param name="AccountId">Who was signed in when it was begun; null: nobody. A link or a confirmation is for this account only.</param>
/// <param name="ReturnTo">The page to go to, on this server.</param>
public sealed record FinishedLogin(ExternalIdentity Identity, LoginPurpose Purpose, Guid? AccountId, string ReturnTo);
