namespace Calango.Core.Identity;

/// <summary>Calango as a client of one provider, as it is at one moment.</summary>
/// <param name="Id">The provider's.</param>
/// <param name="Version">Changes with each edit.</param>
internal sealed record LoginClient(Guid Id, Guid Version)
{
    /// <summary>What it speaks.</summary>
    public required LoginProviderKind Kind { get; init; }

    /// <summary>Its name, or for GitHub its address.</summary>
    public required string Issuer { get; init; }

    /// <summary>As what it knows us.</summary>
    public required string ClientId { get; init; }

    /// <summary>How we show that it is us; null: we don't.</summary>
    public string? Secret { get; init; }

    /// <summary>What we ask for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The claim with a person's groups; null: none.</summary>
    public string? GroupClaim { get; init; }

    /// <inheritdoc cref="LoginProvider.AllowsPlainLoopback"/>
    public bool AllowsPlainLoopback { get; init; }

    /// <summary>Whether people may come with it. An administrator tries it out before.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{Id} {Version}";
}

/// <summary>What a provider speaks.</summary>
public enum LoginProviderKind
{
    /// <summary>OpenID Connect, with discovery.</summary>
    OpenIdConnect,

    /// <summary>GitHub's OAuth 2, at github.com or in an organisation's own.</summary>
    GitHub,
}
