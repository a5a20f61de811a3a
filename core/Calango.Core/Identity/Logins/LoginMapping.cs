namespace Calango.Core.Identity;

/// <summary>What a provider's groups are here.</summary>
/// <param name="Group">The provider's group; <see cref="Everybody"/>: whoever comes from there.</param>
/// <param name="Grant">What it gives.</param>
/// <param name="Name">The name of the role or of the group here.</param>
public sealed record LoginRule(string Group, LoginGrant Grant, string Name)
{
    /// <summary>Stands for all who come from a provider.</summary>
    public const string Everybody = "*";

    /// <summary>Whether it is for somebody.</summary>
    public bool IsFor(ExternalIdentity identity) => Group == Everybody || identity.Groups.Contains(Group, StringComparer.Ordinal);
}

/// <summary>What a rule gives.</summary>
public enum LoginGrant
{
    /// <summary>A role.</summary>
    Role,

    /// <summary>Being in a group.</summary>
    Group,
}

/// <summary>The rules of one provider, applied to one person. A provider manages the roles and groups that its rules name, and no other.</summary>
public sealed class LoginMapping(ExternalIdentity identity, IReadOnlyList<LoginRule> rules)
{
    /// <summary>Each rule, and whether it is for this person: what an administrator is shown.</summary>
    public IReadOnlyList<(LoginRule Rule, bool Holds)> Rules { get; } = [.. rules.Select(rule => (rule, rule.IsFor(identity)))];

    /// <summary>What somebody has after the login, of what they had before it: what the provider doesn't manage stays.</summary>
    public IReadOnlySet<string> Apply(LoginGrant grant, IEnumerable<string> held)
    {
        var named = Rules.Where(entry => entry.Rule.Grant == grant).ToList();
        return held.Except(named.Select(entry => entry.Rule.Name)).Concat(named.Where(entry => entry.Holds).Select(entry => entry.Rule.Name)).ToHashSet(StringComparer.Ordinal);
    }
}
