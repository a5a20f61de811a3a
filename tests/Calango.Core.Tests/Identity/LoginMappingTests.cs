using System.Text.Json;
using Calango.Core.Identity;

namespace Calango.Core.Tests.Identity;

/// <summary>What a provider's groups are here.</summary>
public sealed class LoginMappingTests
{
    private static readonly LoginRule[] Rules =
    [
        new("staff", LoginGrant.Role, "member"), new("ops", LoginGrant.Role, "admin"), new(LoginRule.Everybody, LoginGrant.Group, "guests"), new("writers", LoginGrant.Group, "press"),
    ];

    [Fact]
    public void Roles_come_and_go_with_the_providers_groups_and_those_it_doesnt_manage_stay()
    {
        var mapping = new LoginMapping(With("staff", "writers"), Rules);

        Assert.Equal(["member", "reader"], mapping.Apply(LoginGrant.Role, ["admin", "reader"]).Order());
        Assert.Equal(["book club", "guests", "press"], mapping.Apply(LoginGrant.Group, ["book club"]).Order());
        Assert.Equal([true, false, true, true], mapping.Rules.Select(rule => rule.Holds));
    }

    [Fact]
    public void A_group_is_the_same_only_letter_by_letter()
    {
        var mapping = new LoginMapping(With("STAFF", "ops ", "*"), Rules);

        Assert.Empty(mapping.Apply(LoginGrant.Role, []));
    }

    [Theory]
    [InlineData("groups", """{"groups":["a","b","a"]}""", "a,b")]
    [InlineData("groups", """{"groups":"a b"}""", "a b")]
    [InlineData("groups", """{"groups":["a",1,null,{"x":1},""]}""", "a")]
    [InlineData("groups", """{"other":["a"]}""", "")]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":["a"]}}""", "a")]
    [InlineData("realm_access.roles", """{"realm_access":["roles"]}""", "")]
    [InlineData("https://example.org/groups", """{"https://example.org/groups":["a"]}""", "a")]
    [InlineData(null, """{"groups":["a"]}""", "")]
    public void Groups_are_read_from_the_claim_that_an_administrator_names(string? claim, string claims, string groups) =>
        Assert.Equal(groups, string.Join(',', ClaimReader.Groups(JsonDocument.Parse(claims).RootElement, claim)));

    private static ExternalIdentity With(params string[] groups) => new(Guid.Empty, "https://idp.example", "ana-1") { Groups = groups };
}
