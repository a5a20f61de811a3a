using System.Net;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Identity;

/// <summary>Accounts of people whom nobody has invited, where that is allowed.</summary>
public sealed class SignUpTests : IAsyncLifetime
{
    private const string Email = "carla@example.org";

    private MailedServer _server = null!;
    private Visitor _ana = null!;
    private int _networks;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await MailedServer.StartAsync(("CALANGO_PROXIES", "127.0.0.1"));
        _ana = _server.App.Visit();
    }

    public ValueTask DisposeAsync()
    {
        _ana?.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task Who_has_the_link_and_the_password_gets_an_account_and_is_a_member()
    {
        await AllowAsync("Open");
        using var carla = Stranger();
        Assert.NotNull((await carla.GetAsync("/sign-in", Cancelled)).QuerySelector("a[href='/sign-up']"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(carla, Email));
        var mail = await _server.ReceivedAsync(1, Cancelled);
        Assert.Equal([Email], mail.To);
        Assert.DoesNotContain("carla", await PeopleAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(carla, "/sign-in", ("Email", Email), ("Password", Visitor.Password)));

        await carla.GetAsync(mail.Link, Cancelled);
        Assert.DoesNotContain("carla", await PeopleAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(carla, mail.Link, ("Password", "another password than hers")));
        Assert.Null(carla.Session);
        await carla.PostAsync(mail.Link, Cancelled, ("Password", Visitor.Password));

        Assert.NotNull(carla.Session);
        Assert.Equal("/", carla.Path);
        Assert.Contains("Member", (await carla.GetAsync("/account", Cancelled)).QuerySelector(".facts-list")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("carla@example.org", await PeopleAsync(), StringComparison.Ordinal);
        using var again = await carla.Http.GetAsync(mail.Link, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        var acts = (await _ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit")!.TextContent;
        Assert.Contains("Account asked for", acts, StringComparison.Ordinal);
        Assert.Contains("Made an account without an invitation", acts, StringComparison.Ordinal);
        Assert.Contains("Changed who may make an account", acts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_has_an_account_gets_a_word_of_that_and_the_account_stays_as_it_is()
    {
        await AllowAsync("Open");
        using var eve = Stranger();

        Assert.Equal(HttpStatusCode.OK, await AskAsync(eve, "Ana@example.org", "eve wants to come in here"));

        var mail = await _server.ReceivedAsync(1, Cancelled);
        Assert.Equal("You have an account of Calango", mail.Header("Subject"));
        Assert.Equal("/sign-in", mail.Link);
        await eve.GetAsync("/sign-in", Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(eve, "/sign-in", ("Email", "ana@example.org"), ("Password", "eve wants to come in here")));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(eve, "/sign-in", ("Email", "ana@example.org"), ("Password", Visitor.Password)));
    }

    [Fact]
    public async Task By_domain_only_addresses_of_exactly_that_domain_are_let_in()
    {
        await AllowAsync("ByDomain", "Example.org, bücher.example");
        using var visitor = Stranger();

        foreach (var email in (string[])["a@example.org", "b@EXAMPLE.ORG", "c@bücher.example", "d@xn--bcher-kva.example"])
        {
            Assert.True(await AskAsync(visitor, email) == HttpStatusCode.OK, email);
        }

        foreach (var email in (string[])["a@mail.example.org", "a@example.org.evil.example", "a@evilexample.org", "a@evil.example@example.org", "\"a@example.org\"@evil.example", "\"a\"@example.org", "a@example.org@", "a@example.org.", "a@ｅxample.org", "a@example。org", "a@evil.example,b@example.org", "a@evil.example b@example.org", "a@org"])
        {
            Assert.True(await AskAsync(visitor, email) == HttpStatusCode.BadRequest, email);
        }

        await _server.ReceivedAsync(4, Cancelled);
    }

    [Fact]
    public async Task A_link_opens_nothing_once_its_address_is_not_let_in_any_more()
    {
        await AllowAsync("Open");
        using var carla = Stranger();
        await AskAsync(carla, Email);
        var link = (await _server.ReceivedAsync(1, Cancelled)).Link;
        await AllowAsync("ByDomain", "other.example");
        await carla.GetAsync(link, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(carla, link, ("Password", Visitor.Password)));

        Assert.Null(carla.Session);
        Assert.DoesNotContain("carla", await PeopleAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_gets_three_messages_in_an_hour_whoever_asks_and_the_answer_stays_the_same()
    {
        await AllowAsync("Open");
        using var eve = Stranger();

        for (var asked = 0; asked < 4; asked++)
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(eve, Email));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(eve, "ana@example.org"));
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync(eve, "last@example.org"));
        await Eventually.HoldsAsync("the last has come", () => Task.FromResult(_server.Mail.Received.Any(mail => mail.To.Contains("last@example.org"))), Cancelled);
        Assert.Equal(7, _server.Mail.Received.Count);
    }

    [Fact]
    public async Task Without_the_work_or_with_a_mistake_nothing_is_sent_and_what_is_wrong_is_said()
    {
        await AllowAsync("Open");
        using var eve = Stranger();
        await eve.GetAsync("/sign-up", Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(eve, "/sign-up", ("Name", "Eve"), ("Email", Email), ("Password", Visitor.Password)));
        using var wrong = await eve.TryPostAsync("/sign-up", Cancelled, ("Name", ""), ("Email", "no address"), ("Password", "short"), await eve.WorkAsync(Cancelled));
        var page = await Reading.PageAsync(wrong, Cancelled);

        Assert.Equal(3, page.QuerySelectorAll(".field .field__error").Length);
        Assert.Equal("no address", ((IHtmlInputElement)page.QuerySelector("#field-email")!).Value);
        Assert.Equal("", ((IHtmlInputElement)page.QuerySelector("#field-password")!).Value);
        Assert.Empty(_server.Mail.Received);
    }

    [Fact]
    public async Task People_come_by_invitation_alone_until_somebody_says_otherwise_and_where_it_is_closed_nobody_new_comes_in()
    {
        using var bruno = Stranger();
        Assert.Null((await bruno.GetAsync("/sign-in", Cancelled)).QuerySelector("a[href='/sign-up']"));
        Assert.Null((await bruno.GetAsync("/sign-up", Cancelled)).QuerySelector("form"));
        await bruno.GetAsync("/sign-in", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(bruno, "/sign-up", ("Name", "Bruno"), ("Email", "bruno@example.org"), ("Password", Visitor.Password)));
        var link = await _ana.InviteAsync("bruno@example.org", cancellationToken: Cancelled);

        await AllowAsync("Closed");

        using var closed = await bruno.Http.GetAsync(link, Cancelled);
        Assert.False(closed.IsSuccessStatusCode);
        await bruno.GetAsync("/sign-in", Cancelled);
        Assert.NotEqual(HttpStatusCode.OK, await SendAsync(bruno, link, ("Name", "Bruno"), ("Password", Visitor.Password)));
        Assert.Null(bruno.Session);
        await _ana.GetAsync("/admin/people", Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(_ana, "/admin/people", ("Email", "carla@example.org")));

        await AllowAsync("ByInvitation");
        await bruno.AcceptAsync(link, cancellationToken: Cancelled);
        Assert.NotNull(bruno.Session);
    }

    [Theory]
    [InlineData("ByDomain", "")]
    [InlineData("ByDomain", "no domain")]
    [InlineData("ByDomain", "@example.org")]
    [InlineData("ByDomain", "*.example.org")]
    [InlineData("Open", "user@example.org")]
    public async Task What_is_no_domain_is_refused_and_nothing_changes(string way, string domains)
    {
        await _ana.GetAsync("/admin/people/sign-ups", Cancelled);

        using var refused = await _ana.TryPostAsync("/admin/people/sign-ups", Cancelled, ("_method", "PUT"), ("Way", way), ("Domains", domains));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.NotNull((await Reading.PageAsync(refused, Cancelled)).QuerySelector("#sign-ups-domains-error"));
        Assert.Equal("ByInvitation", (await _ana.GetAsync("/admin/people/sign-ups", Cancelled)).QuerySelector("input[name=Way][checked]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Where_no_mail_is_sent_nobody_comes_without_an_invitation_and_the_page_says_why()
    {
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        using var ana = app.Visit();
        Assert.Contains("This server sends no e-mail.", (await ana.GetAsync("/admin/people/sign-ups", Cancelled)).Body!.TextContent, StringComparison.Ordinal);

        using var refused = await ana.TryPostAsync("/admin/people/sign-ups", Cancelled, ("_method", "PUT"), ("Way", "Open"), ("Domains", ""));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.StartsWith("Set e-mail up first", (await Reading.PageAsync(refused, Cancelled)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        using var stranger = app.VisitAsStranger();
        Assert.Null((await stranger.GetAsync("/sign-up", Cancelled)).QuerySelector("form"));
    }

    private async Task AllowAsync(string way, string domains = "")
    {
        await _ana.GetAsync("/admin/people/sign-ups", Cancelled);
        var page = await _ana.PostAsync("/admin/people/sign-ups", Cancelled, ("_method", "PUT"), ("Way", way), ("Domains", domains));
        Assert.NotNull(page.QuerySelector("#sign-ups .notice-line--good"));
    }

    private async Task<HttpStatusCode> AskAsync(Visitor visitor, string email, string password = Visitor.Password)
    {
        await visitor.GetAsync("/sign-up", Cancelled);
        return await SendAsync(visitor, "/sign-up", ("Name", "Carla"), ("Email", email), ("Password", password), await visitor.WorkAsync(Cancelled));
    }

    // A network of its own for each: limits are another test's.
    private async Task<HttpStatusCode> SendAsync(Visitor visitor, string path, params (string Name, string Value)[] fields)
    {
        visitor.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-For", $"198.51.100.{++_networks}");
        using var answer = await visitor.TryPostAsync(path, Cancelled, fields);
        return answer.StatusCode;
    }

    private Visitor Stranger() => _server.App.VisitAsStranger();

    private async Task<string> PeopleAsync() => (await _ana.GetAsync("/admin/people", Cancelled)).QuerySelector("#people")!.TextContent;
}
