namespace Calango.Core.Identity;

/// <summary>Who has signed in, as of this moment.</summary>
/// <param name="SessionId">In which browser.</param>
/// <param name="AccountId">Who.</param>
/// <param name="Name">How they are called.</param>
/// <param name="Grants">What they may do.</param>
/// <param name="RenewedAt">From when the session's time counts.</param>
/// <param name="ExpiresAt">When it ends unless it is renewed.</param>
/// <param name="EndsAt">When it ends however much it is used.</param>
/// <param name="RemoveAt">From when on their account is removed; null: it isn't to be.</param>
public sealed record SignedIn(Guid SessionId, Guid AccountId, string Name, Grants Grants, DateTimeOffset RenewedAt, DateTimeOffset ExpiresAt, DateTimeOffset EndsAt, DateTimeOffset? RemoveAt)
{
    /// <summary>Whether they must have a second step, and have none: they may set one up, and nothing else.</summary>
    public bool LacksSecondStep { get; init; }

    /// <summary>Whether half of the session's time is over, and more can be had.</summary>
    public bool IsToBeRenewed(DateTimeOffset now) => ExpiresAt < EndsAt && now - RenewedAt > (ExpiresAt - RenewedAt) / 2;
}
