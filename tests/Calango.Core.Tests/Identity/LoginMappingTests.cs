using System.Text.Json;
using Calango.Core.Identity;

namespace Calango.Core.Tests.Identity;

/// <summary>What a provider's groups are here.</summary>
public sealed class LoginMappingTests
{
    private static readonly Role Admin = new() { Id = Role.AdminId, Name = "admin", NormalizedName = "ADMIN", Grants = Grants.Chat | Grants.Administer | Grants.Programs };
    private static readonly Role Member = new() { Id = Role.MemberId, Name = "member", NormalizedName = "MEMBER", Grants = Grants.Chat | Grants.Programs };
    private static readonly Role Reader = new() { Id = Role.ReaderId, Name = "reader", NormalizedName = "READER", Grants = Grants.Programs };
    private static readonly Role Press = new() { Id = Guid.CreateVersion7(), Name = "press", NormalizedName = "PRESS", Grants = Grants.Chat | Grants.Programs };
    private static readonly Role Watch = new() { Id = Guid.CreateVersion7(), Name = "watch", NormalizedName = "WATCH", Grants = Grants.Administer };
    private static readonly Role Guest = new() { Id = Guid.CreateVersion7(), Name = "guest", NormalizedName = "GUEST", Grants = Grants.Chat };

    [Theory]
    [InlineData("ops", "new", "admin")]
    [InlineData("ops staff", "new", "admin")]
    [InlineData("staff", "admin", "member")]
    [InlineData("", "admin", "reader")]
    [InlineData("", "new", "reader")]
    [InlineData("", "press", "press")]
    [InlineData("ops", "press", "admin")]
    public void Roles_that_a_provider_manages_come_and_go_with_its_groups_and_others_stay(string groups, string held, string expected) =>
        Assert.Equal(expected, RoleOf(groups.Split(' '), held, new("staff", Role.MemberId), new("ops", Role.AdminId)));

    [Theory]
    [InlineData("", "new", "member")]
    [InlineData("", "reader", "reader")]
    [InlineData("", "admin", "member")]
    [InlineData("ops", "reader", "admin")]
    public void Who_has_no_role_is_a_member_where_the_provider_does_not_say_who_is(string groups, string held, string expected) =>
        Assert.Equal(expected, RoleOf(groups.Split(' '), held, new LoginRule("ops", Role.AdminId)));

    [Theory]
    [InlineData("ops everyone", "new", "watch")]
    [InlineData("everyone", "reader", "guest")]
    [InlineData("everyone", "member", "member")]
    [InlineData("journal", "member", "press")]
    [InlineData("", "guest", "member")]
    [InlineData("ops", "admin", "admin")]
    public void Roles_of_ones_own_count_by_what_they_permit(string groups, string held, string expected) =>
        Assert.Equal(expected, RoleOf(groups.Split(' '), held, new("everyone", Guest.Id), new("ops", Watch.Id), new("journal", Press.Id)));

    [Fact]
    public void Everybody_is_whoever_comes_and_a_role_that_is_not_there_any_more_is_none()
    {
        Assert.Equal("reader", RoleOf([], "new", new LoginRule(LoginRule.Everybody, Role.ReaderId)));
        Assert.Equal("member", RoleOf([], "new", new LoginRule(LoginRule.Everybody, Guid.CreateVersion7())));
    }

    [Theory]
    [InlineData("STAFF")]
    [InlineData("staff ")]
    [InlineData("*")]
    public void A_group_is_the_same_only_letter_by_letter(string group) =>
        Assert.Equal([false], new LoginMapping(With(group), [new LoginRule("staff", Role.AdminId)]).Rules.Select(rule => rule.Holds));

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

    private static string RoleOf(string[] groups, string held, params LoginRule[] rules)
    {
        Role[] roles = [Admin, Member, Reader, Press, Watch, Guest];
        var next = new LoginMapping(With(groups), rules).RoleOf(Array.Find(roles, role => role.Name == held)?.Id, roles);
        return Array.Find(roles, role => role.Id == next)!.Name;
    }

    private static ExternalIdentity With(params string[] groups) => new(Guid.Empty, "https://idp.example", "ana-1") { Groups = groups };
}
