namespace Calango.Core.Identity;

/// <summary>What a provider's group is here.</summary>
/// <param name="Group">The provider's group; <see cref="Everybody"/>: whoever comes from there.</param>
/// <param name="RoleId">The role that it gives.</param>
public sealed record LoginRule(string Group, Guid RoleId)
{
    /// <summary>Stands for all who come from a provider.</summary>
    public const string Everybody = "*";

    /// <summary>Whether it is for somebody.</summary>
    public bool IsFor(ExternalIdentity identity) => Group == Everybody || identity.Groups.Contains(Group, StringComparer.Ordinal);
}

/// <summary>Into which of our groups a provider's group puts people.</summary>
/// <param name="Group">The provider's group; <see cref="LoginRule.Everybody"/>: whoever comes from there.</param>
/// <param name="GroupId">Ours.</param>
public sealed record GroupRule(string Group, Guid GroupId)
{
    /// <summary>Those of a provider's rules that hold for somebody: the groups that they are in by its word.</summary>
    public static IReadOnlyCollection<Guid> GroupsOf(ExternalIdentity identity, IEnumerable<GroupRule> rules) =>
        [.. rules.Where(rule => rule.Group == LoginRule.Everybody || identity.Groups.Contains(rule.Group, StringComparer.Ordinal)).Select(rule => rule.GroupId).Distinct()];
}

/// <summary>The rules of one provider, applied to one person. A provider manages the roles that its rules name, and no other.</summary>
public sealed class LoginMapping(ExternalIdentity identity, IReadOnlyList<LoginRule> rules)
{
    /// <summary>Each rule, and whether it is for this person: what an administrator is shown.</summary>
    public IReadOnlyList<(LoginRule Rule, bool Holds)> Rules { get; } = [.. rules.Select(rule => (rule, rule.IsFor(identity)))];

    /// <summary>
    /// The role that somebody has after the login: of those that the rules give, and of the one they had where the provider doesn't
    /// manage it, the one that permits most; of those that permit the same, what the rules give. Whoever is left without any is a
    /// member; where the provider says who is, a reader.
    /// </summary>
    /// <param name="held">The role they had; null: they are new.</param>
    /// <param name="roles">All roles.</param>
    public Guid RoleOf(Guid? held, IReadOnlyCollection<Role> roles)
    {
        var managed = rules.Select(rule => rule.RoleId).ToHashSet();
        var given = Rules.Where(entry => entry.Holds).Select(entry => entry.Rule.RoleId).ToHashSet();
        return roles.Where(role => given.Contains(role.Id) || (role.Id == held && !managed.Contains(role.Id))).MaxBy(role => (role.Reach, given.Contains(role.Id)))?.Id
            ?? (managed.Contains(Role.MemberId) ? Role.ReaderId : Role.MemberId);
    }
}
