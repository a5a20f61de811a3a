namespace Calango.Core.Identity;

/// <summary>A provider as an administrator enters it. Checked at the edge; texts are trimmed.</summary>
/// <param name="Name">For people.</param>
/// <param name="Issuer">Its name of itself; for GitHub its address.</param>
/// <param name="ClientId">As what it knows this server.</param>
public sealed record LoginProviderInput(string Name, string Issuer, string ClientId)
{
    /// <summary>The client's secret; null keeps the stored one, as long as it goes to the same issuer.</summary>
    public string? Secret { get; init; }

    /// <inheritdoc cref="LoginProvider.Scopes"/>
    public string Scopes { get; init; } = "";

    /// <inheritdoc cref="LoginProvider.GroupClaim"/>
    public string? GroupClaim { get; init; }

    /// <inheritdoc cref="LoginProvider.Rules"/>
    public IReadOnlyList<LoginRule> Rules { get; init; } = [];

    /// <inheritdoc cref="LoginProvider.GroupRules"/>
    public IReadOnlyList<GroupRule> GroupRules { get; init; } = [];

    /// <inheritdoc cref="LoginProvider.TrustsEmail"/>
    public bool TrustsEmail { get; init; }

    /// <inheritdoc cref="LoginProvider.MakesAccounts"/>
    public bool MakesAccounts { get; init; }

    /// <inheritdoc cref="LoginProvider.Domains"/>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <inheritdoc cref="LoginProvider.AllowsPlainLoopback"/>
    public bool AllowsPlainLoopback { get; init; }

    /// <inheritdoc cref="LoginProvider.IsOn"/>
    public bool IsOn { get; init; }

    /// <summary>Without the secret.</summary>
    public override string ToString() => Issuer;
}
