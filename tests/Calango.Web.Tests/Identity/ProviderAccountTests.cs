using System.Net;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Oidc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Identity;

/// <summary>Which account a provider's login opens, and what somebody is there.</summary>
public sealed class ProviderAccountTests : IAsyncLifetime
{
    private LoginSite _site = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _site = await LoginSite.StartAsync();

    public ValueTask DisposeAsync() => _site?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Who_has_no_account_gets_one_only_where_the_provider_makes_them_and_for_its_domains()
    {
        var id = await _site.AddAsync();
        _site.Be("bruno-1", "bruno@example.org");
        Assert.Equal((HttpStatusCode.Forbidden, "Nobody here has this login of Ours. Ask whoever runs this server for an invitation."), await _site.TryAsync(id));

        await _site.ChangeAsync(id, ("MakesAccounts", "true"), ("Domains", "@Example.org, lizards.example"));
        _site.Be("carla-1", "carla@sub.example.org");
        Assert.StartsWith("Only people of some organisations", (await _site.TryAsync(id)).Text, StringComparison.Ordinal);
        _site.Be("carla-1", "carla@example.org", verified: false);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.TryAsync(id)).Status);
        _site.Be("carla-1");
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.TryAsync(id)).Status);

        _site.Be("bruno-1", "bruno@EXAMPLE.org");
        using var bruno = await _site.EnterAsync(id);
        Assert.Contains("bruno@EXAMPLE.org", await LoginSite.AccountOf(bruno), StringComparison.Ordinal);
        Assert.Equal(2, (await _site.Ana.GetAsync("/admin/people", Cancelled)).QuerySelectorAll("#people li").Length);
        using var again = await _site.EnterAsync(id);
        Assert.Equal(2, (await _site.Ana.GetAsync("/admin/people", Cancelled)).QuerySelectorAll("#people li").Length);
    }

    [Fact]
    public async Task Where_nobody_new_comes_in_no_provider_makes_an_account_and_whoever_has_one_still_comes()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"), ("TrustsEmail", "true"));
        _site.Be("bruno-1", "bruno@example.org");
        using var bruno = await _site.EnterAsync(id);
        await _site.Ana.InviteAsync("carla@example.org", cancellationToken: Cancelled);
        await _site.Ana.GetAsync("/admin/people/sign-ups", Cancelled);
        await _site.Ana.PostAsync("/admin/people/sign-ups", Cancelled, ("_method", "PUT"), ("Way", "Closed"));

        foreach (var (subject, email) in new[] { ("davi-1", "davi@example.org"), ("carla-1", "carla@example.org") })
        {
            _site.Be(subject, email);
            Assert.Equal(HttpStatusCode.Forbidden, (await _site.TryAsync(id)).Status);
        }

        _site.Be("bruno-1", "bruno@example.org");
        using var again = await _site.EnterAsync(id);
    }

    [Fact]
    public async Task Where_everybody_must_have_a_second_step_who_comes_by_a_provider_alone_is_exempt()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        await _site.Ana.GetAsync("/admin/people/second-step", Cancelled);
        using var demanded = await _site.Ana.TryPostAsync("/admin/people/second-step", Cancelled, ("_method", "PUT"), ("Who", "Everybody"));
        await _site.Ana.GetAsync("/account", Cancelled);
        Assert.Equal("/account/second-step", _site.Ana.Path);
        _site.Be("bruno-1", "bruno@example.org");

        using var bruno = await _site.EnterAsync(id);
        await bruno.GetAsync("/account", Cancelled);

        Assert.Equal("/account", bruno.Path);
    }

    [Fact]
    public async Task Who_comes_by_a_provider_alone_adds_a_passkey_within_ten_minutes_of_signing_in_and_comes_in_with_it()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        _site.Be("bruno-1", "bruno@example.org");
        using var bruno = await _site.EnterAsync(id);
        await MakeOlderAsync(TimeSpan.FromMinutes(11));
        Assert.Null((await bruno.GetAsync("/account/passkeys", Cancelled)).QuerySelector("#field-name"));
        using (var late = await bruno.TryPostAsync("/account/passkeys", Cancelled, ("Name", "Telephone")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        }

        using var again = await _site.EnterAsync(id);
        using var device = new Authenticator { Origin = _site.App.Address.GetLeftPart(UriPartial.Authority) };
        Assert.Null((await again.GetAsync("/account/passkeys", Cancelled)).QuerySelector("#field-password"));
        var made = await again.PostAsync("/account/passkeys", Cancelled, ("Name", "Telephone"));
        await again.PostAsync("/account/passkeys", Cancelled, ("_method", "PUT"), ("Answer", device.Make(made.QuerySelector("form[data-passkey]")!.GetAttribute("data-passkey")!)));

        using var phone = _site.App.VisitAsStranger();
        await phone.GetAsync("/sign-in", Cancelled);
        using var asked = await phone.Http.GetAsync("/sign-in/passkey", Cancelled);
        await phone.PostAsync("/sign-in/passkey", Cancelled, ("Answer", device.Answer(await asked.Content.ReadAsStringAsync(Cancelled))));
        Assert.Contains("bruno@example.org", await LoginSite.AccountOf(phone), StringComparison.Ordinal);
    }

    private Task MakeOlderAsync(TimeSpan age)
    {
        var at = TimeProvider.System.GetUtcNow() - age;
        return _site.App.Services.GetRequiredService<Database>().WriteAsync(db => db.Set<Session>().ExecuteUpdateAsync(set => set.SetProperty(session => session.CreatedAt, at), Cancelled), Cancelled);
    }

    [Fact]
    public async Task Of_many_first_logins_of_one_person_at_once_one_account_comes()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        _site.Be("bruno-1", "bruno@example.org");
        var visitors = Enumerable.Range(0, 8).Select(_ => _site.App.VisitAsStranger()).ToList();

        await Task.WhenAll(visitors.Select(visitor => visitor.GetAsync($"/sign-in/{id}", Cancelled)));

        Assert.All(visitors, visitor => Assert.NotNull(visitor.Session));
        Assert.Equal(2, (await _site.Ana.GetAsync("/admin/people", Cancelled)).QuerySelectorAll("#people li").Length);
        visitors.ForEach(visitor => visitor.Dispose());
    }

    [Theory]
    [InlineData("ana@example.org", true, "true")]
    [InlineData("ANA@example.org", true, "true")]
    [InlineData("ana@example.org", false, "true")]
    [InlineData("ana@example.org", true, "false")]
    public async Task N07_an_address_that_somebody_has_opens_nothing_unless_both_sides_have_verified_it_and_the_provider_is_trusted(string email, bool verified, string trusted)
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"), ("TrustsEmail", trusted));
        _site.Be("eve-1", email, verified, "Eve");

        var (status, text) = await _site.TryAsync(id);

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.StartsWith("Somebody here has the address", text, StringComparison.Ordinal);
        Assert.Single((await _site.Ana.GetAsync("/admin/people", Cancelled)).QuerySelectorAll("#people li"));
        Assert.Null((await _site.Ana.GetAsync("/account", Cancelled)).QuerySelector("[id^=login-]"));
        Assert.StartsWith("A provider’s login was refused Ours: AddressTaken", await _site.NewestActAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task N07_an_address_that_is_changed_at_the_provider_to_anothers_opens_what_it_opened_before()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"), ("TrustsEmail", "true"));
        _site.Be("eve-1", "eve@example.org", name: "Eve");
        using var first = await _site.EnterAsync(id);

        _site.Be("eve-1", "ana@example.org", name: "Ana");
        using var second = await _site.EnterAsync(id);

        Assert.StartsWith("Eve E-maileve@example.org", await LoginSite.AccountOf(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_both_sides_have_verified_opens_the_account_where_the_provider_is_trusted_with_it()
    {
        await using var theirs = await ScriptedProvider.StartAsync(TimeProvider.System);
        var (id, other) = (await _site.AddAsync(("MakesAccounts", "true")), await _site.AddAsync(theirs, ("TrustsEmail", "true"), ("Name", "Theirs")));
        _site.Be("bruno-1", "bruno@example.org", name: "Bruno");
        using var first = await _site.EnterAsync(id);
        theirs.UserInfo!["email"] = "Bruno@example.org";

        using var second = await _site.EnterAsync(other);

        Assert.StartsWith("Bruno", await LoginSite.AccountOf(second), StringComparison.Ordinal);
        Assert.Equal(2, (await second.GetAsync("/account", Cancelled)).QuerySelectorAll("[id^=login-]").Length);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task An_invitation_is_accepted_with_the_login_of_a_provider_that_is_trusted_with_addresses(string trusted, bool isIn)
    {
        var id = await _site.AddAsync(("TrustsEmail", trusted));
        await _site.Ana.GetAsync("/admin/people", Cancelled);
        await _site.Ana.PostAsync("/admin/people", Cancelled, ("Email", "Rita@example.org"), ("RoleId", "01900000-0000-7000-8000-000000000013"));
        _site.Be("rita-1", "rita@example.org", name: "Rita");

        if (isIn)
        {
            using var rita = await _site.EnterAsync(id);
            Assert.StartsWith("Rita E-mailrita@example.org RoleReads only", await LoginSite.AccountOf(rita), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await _site.TryAsync(id)).Status);
        }

        Assert.Equal(isIn, (await _site.Ana.GetAsync("/admin/people", Cancelled)).QuerySelector("button[formaction^='/admin/people/invitations/']") is null);
    }

    [Fact]
    public async Task Who_runs_the_server_by_a_providers_word_loses_that_with_it_and_their_other_sessions_end()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"), ($"Groups[{LoginSite.Admin}]", "ops"), ($"Groups[{LoginSite.Member}]", "*"));
        _site.Be("bruno-1", groups: ["ops"]);
        using var bruno = await _site.EnterAsync(id);
        Assert.Contains("Runs the server", await LoginSite.AccountOf(bruno), StringComparison.Ordinal);
        Assert.NotNull((await bruno.GetAsync("/admin/people", Cancelled)).QuerySelector("#people"));

        _site.Be("bruno-1", groups: ["staff"]);
        using var demoted = await _site.EnterAsync(id);

        Assert.Contains("RoleMember", await LoginSite.AccountOf(demoted), StringComparison.Ordinal);
        using var admin = await demoted.Http.GetAsync("/admin/people", Cancelled);
        Assert.Equal(HttpStatusCode.Forbidden, admin.StatusCode);
        await bruno.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", bruno.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_membership_that_a_provider_gives_comes_and_goes_with_its_logins_and_leaves_those_of_an_administrator_alone()
    {
        await _site.Ana.PostAsync("/admin/groups", Cancelled, ("Name", "Writers"));
        var writers = _site.Ana.Path;
        var id = await _site.AddAsync(("MakesAccounts", "true"), ($"Memberships[{writers[(writers.LastIndexOf('/') + 1)..]}]", "authors\nstaff"));
        _site.Be("bruno-1", "bruno@example.org", name: "Bruno", groups: ["staff"]);
        using var bruno = await _site.EnterAsync(id);
        Assert.Contains("By a provider’s login", (await _site.Ana.GetAsync(writers, Cancelled)).QuerySelector("#members li")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("Signed in", await _site.NewestActAsync(), StringComparison.Ordinal);
        Assert.Contains("Came into or left groups", (await _site.Ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit")!.TextContent, StringComparison.Ordinal);

        _site.Be("bruno-1", "bruno@example.org", name: "Bruno", groups: ["guests"]);
        using var left = await _site.EnterAsync(id);
        Assert.Null((await _site.Ana.GetAsync(writers, Cancelled)).QuerySelector("#members li"));

        await _site.Ana.PostAsync(writers, Cancelled, ("Email", "bruno@example.org"));
        using var again = await _site.EnterAsync(id);
        Assert.NotNull((await _site.Ana.GetAsync(writers, Cancelled)).QuerySelector("#members li button"));

        _site.Be("carla-1", "carla@example.org", name: "Carla", groups: ["authors"]);
        using var carla = await _site.EnterAsync(id);
        Assert.Equal(2, (await _site.Ana.GetAsync(writers, Cancelled)).QuerySelectorAll("#members li").Length);
        await _site.Ana.PostAsync($"/admin/providers/{id}", Cancelled, ("_method", "DELETE"));
        Assert.Contains("Bruno", Assert.Single((await _site.Ana.GetAsync(writers, Cancelled)).QuerySelectorAll("#members li")).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_the_provider_does_not_manage_stays_and_so_does_the_last_who_runs_the_server()
    {
        var id = await _site.AddAsync(("TrustsEmail", "true"), ($"Groups[{LoginSite.Admin}]", "ops"));
        await LinkAsync(_site.Ana, id, "ana-1", groups: "ops");

        _site.Be("ana-1", groups: []);
        using var ana = await _site.EnterAsync(id);
        Assert.Contains("Runs the server", await LoginSite.AccountOf(ana), StringComparison.Ordinal);

        await _site.ChangeAsync(id, ("MakesAccounts", "true"), ($"Groups[{LoginSite.Member}]", "staff"));
        _site.Be("rita-1");
        using var rita = await _site.EnterAsync(id);
        Assert.Contains("Reads only", await LoginSite.AccountOf(rita), StringComparison.Ordinal);
        _site.Be("rita-1", groups: "staff");
        using var member = await _site.EnterAsync(id);
        Assert.Contains("RoleMember", await LoginSite.AccountOf(member), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_is_suspended_does_not_come_in_with_a_provider_either()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        _site.Be("bruno-1", "bruno@example.org");
        using var bruno = await _site.EnterAsync(id);
        var person = (await _site.Ana.GetAsync("/admin/people?q=bruno", Cancelled)).QuerySelector("#people li a")!.GetAttribute("href")!;
        await _site.Ana.PostAsync($"{person}/suspension", Cancelled);

        Assert.Equal((HttpStatusCode.Forbidden, "This account is suspended. Ask whoever runs this server."), await _site.TryAsync(id));
    }

    [Fact]
    public async Task A_login_is_added_by_its_owner_alone_and_opens_one_account()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        _site.Be("bruno-1", name: "Bruno");
        using var bruno = await _site.EnterAsync(id);

        using var taken = await PostLinkAsync(_site.Ana, id);
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        Assert.Null((await _site.Ana.GetAsync("/account", Cancelled)).QuerySelector("[id^=login-]"));

        await LinkAsync(_site.Ana, id, "ana-1");
        using var ana = await _site.EnterAsync(id);
        Assert.StartsWith("Ana", await LoginSite.AccountOf(ana), StringComparison.Ordinal);

        // Begun by Ana, finished where Bruno has signed in meanwhile.
        await ana.GetAsync("/account", Cancelled);
        var onward = (await ana.PostAsync($"/account/logins?provider={id}", Cancelled)).QuerySelector("#onward")!.GetAttribute("href")!;
        var session = (await ana.GetAsync("/account", Cancelled)).QuerySelector("#sessions li")!.Id!["session-".Length..];
        await ana.PostAsync($"/account/sessions/{session}", Cancelled, ("_method", "DELETE"));
        _site.Be("bruno-1");
        await ana.GetAsync($"/sign-in/{id}", Cancelled);
        _site.Be("eve-1");
        using var another = await ana.Http.GetAsync(onward, Cancelled);
        Assert.Equal(HttpStatusCode.Forbidden, another.StatusCode);
        Assert.Contains("Somebody else is signed in", (await Reading.PageAsync(another, Cancelled)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Single((await bruno.GetAsync("/account", Cancelled)).QuerySelectorAll("[id^=login-]"));
    }

    [Fact]
    public async Task A_login_is_removed_unless_it_is_the_last_way_in_and_the_other_sessions_end()
    {
        await using var theirs = await ScriptedProvider.StartAsync(TimeProvider.System);
        var (id, other) = (await _site.AddAsync(("MakesAccounts", "true")), await _site.AddAsync(theirs, ("Name", "Theirs")));
        _site.Be("bruno-1");
        using var bruno = await _site.EnterAsync(id);
        using var phone = await _site.EnterAsync(id);
        var first = await LoginAsync(bruno);

        using (var refused = await bruno.TryPostAsync($"/account/logins/{first}", Cancelled, ("_method", "DELETE")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("your only way in", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        using (var stranger = await _site.Ana.TryPostAsync($"/account/logins/{first}", Cancelled, ("_method", "DELETE")))
        {
            Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        }

        using (await PostLinkAsync(bruno, other))
        {
            await bruno.PostAsync($"/account/logins/{first}", Cancelled, ("_method", "DELETE"));
        }

        Assert.Equal("Theirs", (await bruno.GetAsync("/account", Cancelled)).QuerySelector("[id^=login-] .row__name")!.TextContent.Trim());
        await phone.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", phone.Path, StringComparison.Ordinal);
    }

    private static async Task<string> LoginAsync(Visitor visitor) => (await visitor.GetAsync("/account", Cancelled)).QuerySelector("[id^=login-]")!.Id!["login-".Length..];

    private async Task LinkAsync(Visitor visitor, string id, string subject, params string[] groups)
    {
        _site.Be(subject, groups: groups);
        using var linked = await PostLinkAsync(visitor, id);
        Assert.Equal(HttpStatusCode.OK, linked.StatusCode);
        Assert.NotNull((await Reading.PageAsync(linked, Cancelled)).QuerySelector("[id^=login-]"));
    }

    /// <summary>Begins on the account page and goes on at the provider, without scripts.</summary>
    private static async Task<HttpResponseMessage> PostLinkAsync(Visitor visitor, string id)
    {
        await visitor.GetAsync("/account", Cancelled);
        var page = await visitor.PostAsync($"/account/logins?provider={id}", Cancelled);
        return await visitor.Http.GetAsync(page.QuerySelector("#onward")!.GetAttribute("href"), Cancelled);
    }
}
