using Calango.Core.Identity;

namespace Calango.Web.Pages.Admin.Providers;

/// <summary>What a browser sends of the form of a provider of logins. A secret is never shown again.</summary>
public sealed class ProviderFields
{
    private static readonly char[] Blanks = [' ', ',', ';', '\r', '\n', '\t'];

    /// <inheritdoc cref="LoginProvider.Name"/>
    public string? Name { get; set; }

    /// <inheritdoc cref="LoginProvider.Issuer"/>
    public string? Issuer { get; set; }

    /// <inheritdoc cref="LoginProvider.ClientId"/>
    public string? ClientId { get; set; }

    /// <summary>The client's secret; null or empty: the stored one stays.</summary>
    public string? Secret { get; set; }

    /// <inheritdoc cref="LoginProvider.Scopes"/>
    public string? Scopes { get; set; }

    /// <inheritdoc cref="LoginProvider.GroupClaim"/>
    public string? GroupClaim { get; set; }

    /// <summary>The provider's groups by the role that they give, a line each.</summary>
    public Dictionary<Guid, string?> Groups { get; set; } = [];

    /// <summary>The provider's groups by the group of ours into which they put people, a line each.</summary>
    public Dictionary<Guid, string?> Memberships { get; set; } = [];

    /// <inheritdoc cref="LoginProvider.TrustsEmail"/>
    public bool TrustsEmail { get; set; }

    /// <inheritdoc cref="LoginProvider.MakesAccounts"/>
    public bool MakesAccounts { get; set; }

    /// <summary>Of which domains people must be then, with blanks or commas between.</summary>
    public string? Domains { get; set; }

    /// <inheritdoc cref="LoginProvider.AllowsPlainLoopback"/>
    public bool AllowsPlainLoopback { get; set; }

    /// <inheritdoc cref="LoginProvider.IsOn"/>
    public bool IsOn { get; set; }

    /// <summary>The rules that the groups make.</summary>
    internal IReadOnlyList<LoginRule> Rules =>
        [.. Groups.SelectMany(role => Lines(role.Value).Select(group => new LoginRule(group, role.Key)))];

    /// <summary>The rules of memberships.</summary>
    internal IReadOnlyList<GroupRule> GroupRules =>
        [.. Memberships.SelectMany(ours => Lines(ours.Value).Select(group => new GroupRule(group, ours.Key)))];

    /// <summary>The domains, one by one.</summary>
    internal IReadOnlyList<string> DomainList =>
        [.. (Domains ?? "").Split(Blanks, StringSplitOptions.RemoveEmptyEntries).Select(domain => domain.TrimStart('@').ToLowerInvariant()).Distinct()];

    /// <summary>What the form begins with.</summary>
    public static ProviderFields Of(LoginProvider provider) => new()
    {
        Name = provider.Name,
        Issuer = provider.Issuer,
        ClientId = provider.ClientId,
        Scopes = provider.Scopes,
        GroupClaim = provider.GroupClaim,
        Groups = provider.Rules.GroupBy(rule => rule.RoleId).ToDictionary(role => role.Key, role => (string?)string.Join('\n', role.Select(rule => rule.Group))),
        Memberships = provider.GroupRules.GroupBy(rule => rule.GroupId).ToDictionary(ours => ours.Key, ours => (string?)string.Join('\n', ours.Select(rule => rule.Group))),
        TrustsEmail = provider.TrustsEmail,
        MakesAccounts = provider.MakesAccounts,
        Domains = string.Join(' ', provider.Domains),
        AllowsPlainLoopback = provider.AllowsPlainLoopback,
        IsOn = provider.IsOn,
    };

    /// <summary>What the kernel is given.</summary>
    public LoginProviderInput ToInput() => new(Name!.Trim(), Issuer!.Trim(), ClientId!.Trim())
    {
        Secret = string.IsNullOrEmpty(Secret) ? null : Secret,
        Scopes = string.Join(' ', (Scopes ?? "").Split(Blanks, StringSplitOptions.RemoveEmptyEntries)),
        GroupClaim = string.IsNullOrWhiteSpace(GroupClaim) ? null : GroupClaim.Trim(),
        Rules = Rules,
        GroupRules = GroupRules,
        TrustsEmail = TrustsEmail,
        MakesAccounts = MakesAccounts,
        Domains = DomainList,
        AllowsPlainLoopback = AllowsPlainLoopback,
        IsOn = IsOn,
    };

    private static IEnumerable<string> Lines(string? text) => (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct();
}
