namespace Calango.Core.Identity;

/// <summary>Who has signed in, as of this moment.</summary>
/// <param name="SessionId">In which browser.</param>
/// <param name="AccountId">Who.</param>
/// <param name="Name">How they are called.</param>
/// <param name="Grants">What they may do.</param>
/// <param name="RenewedAt">From when the session's time counts.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="RemoveAt">From when on their account is removed; null: it isn't to be.</param>
public sealed record SignedIn(Guid SessionId, Guid AccountId, string Name, Grants Grants, DateTimeOffset RenewedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RemoveAt);
