using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Identity;

public sealed class PeopleTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private Visitor _ana = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _app = await TestApp.StartAsync(DatabaseKind.Postgres);
        _ana = _app.Visit();
    }

    public ValueTask DisposeAsync()
    {
        _ana?.Dispose();
        return _app.DisposeAsync();
    }

    [Fact]
    public async Task Somebody_who_is_invited_makes_an_account_with_the_role_that_was_meant_for_them()
    {
        using var bruno = await InviteAsync("bruno@example.org", "Member");

        Assert.Equal("/", bruno.Path);
        Assert.Contains("Member", (await bruno.GetAsync("/account", Cancelled)).Body!.TextContent, StringComparison.Ordinal);
        var people = await _ana.GetAsync("/admin/people", Cancelled);
        Assert.Contains("bruno@example.org", people.QuerySelector("#people")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_makes_one_account_however_often_its_link_is_used_at_once()
    {
        var link = await _ana.InviteAsync("bruno@example.org", "Member", Cancelled);
        var visitors = Enumerable.Range(0, 8).Select(_ => _app.VisitAsStranger()).ToList();
        await Task.WhenAll(visitors.Select(visitor => visitor.GetAsync(link, Cancelled)));

        await Task.WhenAll(visitors.Select(visitor => visitor.TryPostAsync(link, Cancelled, ("Name", "Bruno"), ("Password", Visitor.Password))));

        Assert.Single(visitors, visitor => visitor.Session is not null);
        Assert.Equal(2, (await _ana.GetAsync("/admin/people", Cancelled)).QuerySelectorAll("#people li").Length);
        using var late = await visitors[0].Http.GetAsync(link, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        visitors.ForEach(visitor => visitor.Dispose());
    }

    [Fact]
    public async Task An_invitation_that_is_taken_back_opens_nothing()
    {
        var link = await _ana.InviteAsync("bruno@example.org", "Member", Cancelled);
        var page = await _ana.GetAsync("/admin/people", Cancelled);
        await _ana.PostAsync(page.QuerySelector("button[formaction^='/admin/people/invitations/']")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));

        using var bruno = _app.VisitAsStranger();
        using var answer = await bruno.Http.GetAsync(link, Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task An_address_that_has_an_account_is_not_invited_again()
    {
        await _ana.GetAsync("/admin/people", Cancelled);

        using var answer = await _ana.TryPostAsync("/admin/people", Cancelled, ("Email", "ANA@example.org"), ("RoleId", "01900000-0000-7000-8000-000000000012"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("has an account already", (await Reading.PageAsync(answer, Cancelled)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_belongs_to_somebody_is_not_there_for_anybody_else()
    {
        _app.Upstream.Enqueue(new UpstreamReply { Text = "In the sun." });
        await _ana.PostAsync("/messages", Cancelled, ("Text", "Where do lizards sleep?"), ("Model", _app.Model.ToString()));
        var chat = _ana.Path;
        await _ana.WholeAsync(chat, 1, Cancelled);
        using var bruno = await InviteAsync("bruno@example.org", "Member");

        using var page = await bruno.Http.GetAsync(chat, Cancelled);
        using var written = await bruno.TryPostAsync($"{chat}/messages", Cancelled, ("Text", "Mine now"), ("Model", _app.Model.ToString()));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (page.StatusCode, written.StatusCode));
        Assert.Empty((await bruno.GetAsync("/search?q=sleep", Cancelled)).QuerySelectorAll($"a[href^='{chat}']"));
        Assert.Single(_app.Upstream.Requests, request => request.LastUserText == "Where do lizards sleep?");
    }

    [Theory]
    [InlineData("/admin/people")]
    [InlineData("/admin/plugins")]
    [InlineData("/admin/storage")]
    [InlineData("/server/settings")]
    [InlineData("/models/connections/new")]
    [InlineData("/models/first-run")]
    public async Task A_member_does_not_see_what_is_for_whoever_runs_the_server(string path)
    {
        using var bruno = await InviteAsync("bruno@example.org", "Member");

        using var answer = await bruno.Http.GetAsync(path, Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Who_only_reads_sends_nothing_but_may_change_their_password()
    {
        using var rita = await InviteAsync("rita@example.org", "Reads only");

        using var sent = await rita.TryPostAsync("/messages", Cancelled, ("Text", "Hello?"), ("Model", _app.Model.ToString()));
        var changed = await rita.PostAsync("/account/password", Cancelled, ("Current", Visitor.Password), ("Next", "iguanas sleep in the shade"));

        Assert.Equal(HttpStatusCode.Forbidden, sent.StatusCode);
        Assert.Empty(_app.Upstream.Requests);
        Assert.Contains("The password is changed.", changed.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Z18_somebody_who_is_suspended_is_out_at_once_and_stays_out_until_they_are_let_in()
    {
        using var bruno = await InviteAsync("bruno@example.org", "Member");
        var person = await PersonAsync("bruno@example.org");

        await _ana.PostAsync($"{person}/suspension", Cancelled);
        await bruno.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", bruno.Path, StringComparison.Ordinal);
        using (var refused = await bruno.TryPostAsync("/sign-in", Cancelled, ("Email", "bruno@example.org"), ("Password", Visitor.Password)))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        await _ana.PostAsync($"{person}/suspension", Cancelled, ("_method", "DELETE"));
        await bruno.PostAsync("/sign-in", Cancelled, ("Email", "bruno@example.org"), ("Password", Visitor.Password));
        Assert.Equal("/", bruno.Path);
    }

    [Fact]
    public async Task The_last_who_runs_the_server_cannot_give_it_up()
    {
        var ana = await PersonAsync("ana@example.org");

        using var demoted = await _ana.TryPostAsync(ana, Cancelled, ("_method", "PUT"), ("roleId", "01900000-0000-7000-8000-000000000012"));
        using var suspended = await _ana.TryPostAsync($"{ana}/suspension", Cancelled);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (demoted.StatusCode, suspended.StatusCode));
        Assert.Contains("Nobody would be left to run this server", await demoted.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.NotNull((await _ana.GetAsync("/admin/people", Cancelled)).QuerySelector("#people"));
    }

    [Fact]
    public async Task Another_role_counts_from_the_next_sign_in_and_the_session_before_is_over()
    {
        using var bruno = await InviteAsync("bruno@example.org", "Runs the server");
        Assert.NotNull((await bruno.GetAsync("/admin/people", Cancelled)).QuerySelector("#people"));

        await _ana.PostAsync(await PersonAsync("bruno@example.org"), Cancelled, ("_method", "PUT"), ("roleId", "01900000-0000-7000-8000-000000000012"));

        await bruno.GetAsync("/admin/people", Cancelled);
        Assert.StartsWith("/sign-in", bruno.Path, StringComparison.Ordinal);
        await bruno.PostAsync("/sign-in", Cancelled, ("Email", "bruno@example.org"), ("Password", Visitor.Password));
        using var admin = await bruno.Http.GetAsync("/admin/people", Cancelled);
        Assert.Equal(HttpStatusCode.Forbidden, admin.StatusCode);
    }

    [Fact]
    public async Task People_are_found_by_name_and_address_and_shown_page_by_page()
    {
        for (var number = 0; number < 3; number++)
        {
            using var _ = await InviteAsync($"person{number}@example.org", "Member", $"Pessoa {number}");
        }

        var found = await _ana.GetAsync("/admin/people?q=PESSOA%201", Cancelled);
        Assert.Contains("person1@example.org", Assert.Single(found.QuerySelectorAll("#people li")).TextContent, StringComparison.Ordinal);
        Assert.Equal(3, (await _ana.GetAsync("/admin/people?q=PERSON", Cancelled)).QuerySelectorAll("#people li").Length);
        var first = (await _ana.GetAsync("/admin/people", Cancelled)).QuerySelectorAll("#people li").First().Id!["person-".Length..];
        Assert.Equal(3, (await _ana.GetAsync($"/admin/people?after={first}", Cancelled)).QuerySelectorAll("#people li").Length);
    }

    private async Task<Visitor> InviteAsync(string email, string role, string name = "Bruno")
    {
        var visitor = _app.VisitAsStranger();
        await visitor.AcceptAsync(await _ana.InviteAsync(email, role, Cancelled), name, Cancelled);
        return visitor;
    }

    private async Task<string> PersonAsync(string email) =>
        (await _ana.GetAsync($"/admin/people?q={email}", Cancelled)).QuerySelector("#people li a")!.GetAttribute("href")!;
}
