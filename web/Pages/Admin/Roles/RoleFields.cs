using Calango.Core.Identity;
using Calango.Web.Identity;
using FluentValidation;

namespace Calango.Web.Pages.Admin.Roles;

/// <summary>What a browser sends of the form of a role.</summary>
/// <param name="Name">Its name; roles that come along keep theirs.</param>
/// <param name="Grants">What it permits, one by one; null: nothing.</param>
public sealed record RoleFields(string? Name, IReadOnlyList<Grants>? Grants)
{
    /// <summary>All that a role can permit, as one may choose.</summary>
    public static readonly IReadOnlyList<Grants> All = [Core.Identity.Grants.Chat, Core.Identity.Grants.Programs, Core.Identity.Grants.Administer];

    /// <summary>What it permits.</summary>
    internal Grants Permitted => (Grants ?? []).Aggregate(Core.Identity.Grants.None, (all, grant) => all | grant);

    /// <summary>What the form of a role begins with.</summary>
    public static RoleFields Of(Role role) => new(role.Name, [.. All.Where(grant => role.Grants.HasFlag(grant))]);
}

internal sealed class RoleRules : AbstractValidator<RoleFields>
{
    /// <param name="stored">The role as it is stored; null: it is new.</param>
    public RoleRules(Role? stored)
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        if (stored?.ComesAlong != true)
        {
            RuleFor(fields => fields.Name).IsName().Must(text => text!.Trim().Normalize().Length <= Role.MaxNameLength).WithErrorCode("tooLong");
        }

        RuleFor(fields => fields.Grants).Must(grants => grants?.All(grant => RoleFields.All.Contains(grant) && stored?.CanPermit(grant) != false) != false).WithErrorCode("choice");
    }
}

/// <summary>The form of a role.</summary>
/// <param name="Fields">What was entered, or what the fields begin with.</param>
/// <param name="Stored">As it is stored; null: it is new.</param>
public sealed record RoleForm(RoleFields Fields, Role? Stored)
{
    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>Why it was not saved; null: it was, or nobody tried.</summary>
    public string? Refusal { get; init; }

    /// <summary>Where it is saved.</summary>
    public string Action => Stored is null ? "/admin/roles" : $"/admin/roles/{Stored.Id}";

    /// <summary>Whether nothing of it can be changed.</summary>
    public bool IsFixed => Stored?.Id == Role.AdminId;

    /// <summary>What the form offers.</summary>
    public IEnumerable<Grants> Offered => RoleFields.All.Where(grant => Stored?.CanPermit(grant) != false);
}
