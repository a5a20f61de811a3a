using Calango.Core.Identity;
using Calango.Web.Pages.Shared;

namespace Calango.Web.Pages.Admin.Providers;

/// <summary>The form of a provider of logins.</summary>
/// <param name="Id">The provider's.</param>
/// <param name="Kind">What it speaks.</param>
/// <param name="Fields">What was entered, or what the fields begin with.</param>
/// <param name="Roles">What people may be.</param>
/// <param name="Stored">As it is stored; null: it is new.</param>
public sealed record ProviderForm(Guid Id, LoginProviderKind Kind, ProviderFields Fields, IReadOnlyList<Role> Roles, LoginProvider? Stored)
{
    /// <summary>The groups of ours.</summary>
    public IReadOnlyList<Group> Groups { get; init; } = [];

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it is saved.</summary>
    public string Action => Stored is null ? $"/admin/providers/new/{Kind}/{Id}" : $"/admin/providers/{Id}";

    /// <summary>Whether it speaks OpenID Connect.</summary>
    public bool IsOidc => Kind == LoginProviderKind.OpenIdConnect;

    /// <summary>A line of the form.</summary>
    public FormField Field(string name, string? value) => new(name, $"providers.{char.ToLowerInvariant(name[0])}{name[1..]}", value, Errors.GetValueOrDefault(name))
    {
        MaxLength = LoginProvider.MaxTextLength,
        Help = $"providers.{char.ToLowerInvariant(name[0])}{name[1..]}.help",
    };
}
