using System.Net;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Identity;

/// <summary>Another address for an account, once its mail has shown that it is theirs.</summary>
public sealed class EmailChangeTests : IAsyncLifetime
{
    private const string Next = "ana@lizards.example";

    private MailedServer _server = null!;
    private Visitor _ana = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await MailedServer.StartAsync();
        _ana = _server.App.Visit();
    }

    public ValueTask DisposeAsync()
    {
        _ana?.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task The_new_address_counts_once_its_link_was_opened_the_old_one_hears_of_it_and_other_sessions_end()
    {
        using var phone = await SignInAsync("ana@example.org");
        Assert.NotNull(phone!.Session);
        var link = await AskAsync(Next);
        var notice = _server.Mail.Received.Single(mail => mail.To.Contains("ana@example.org"));
        Assert.Contains(Next, notice.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("token=", notice.Source, StringComparison.Ordinal);
        Assert.Contains("ana@example.org", await AccountAsync(), StringComparison.Ordinal);

        Assert.Contains(Next, (await _ana.GetAsync(link, Cancelled)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("ana@example.org", await AccountAsync(), StringComparison.Ordinal);
        await _ana.GetAsync(link, Cancelled);
        var done = await _ana.PostAsync("/email", Cancelled, ("Token", TokenOf(link)));

        Assert.NotNull(done.QuerySelector(".notice-line--good"));
        Assert.Contains(Next, await AccountAsync(), StringComparison.Ordinal);
        await phone.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", phone.Path, StringComparison.Ordinal);
        Assert.Null(await SignInAsync("ana@example.org"));
        using var again = await SignInAsync(Next);
        Assert.NotNull(again);
        var acts = (await _ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit")!.TextContent;
        Assert.Contains("Link for another address asked for", acts, StringComparison.Ordinal);
        Assert.Contains("Address changed", acts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_opens_it_in_a_browser_that_is_not_signed_in_changes_it_and_all_sessions_end()
    {
        var link = await AskAsync(Next);
        using var phone = _server.App.VisitAsStranger();
        await phone.GetAsync(link, Cancelled);

        await phone.PostAsync("/email", Cancelled, ("Token", TokenOf(link)));

        Assert.Null(phone.Session);
        await _ana.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", _ana.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_password_or_with_no_address_nothing_is_sent()
    {
        foreach (var (email, password) in new[] { (Next, "not the password"), (Next, ""), ("no address", Visitor.Password), ("\"a\"@example.org", Visitor.Password), ("a@evil.example@example.org", Visitor.Password), ("", Visitor.Password) })
        {
            await _ana.GetAsync("/account/email", Cancelled);
            using var refused = await _ana.TryPostAsync("/account/email", Cancelled, ("Email", email), ("Password", password));
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, $"{email} {password}");
            Assert.NotNull((await Reading.PageAsync(refused, Cancelled)).QuerySelector(".field__error"));
        }

        await _ana.GetAsync("/account/email", Cancelled);
        await _ana.PostAsync("/account/email", Cancelled, ("Email", Next), ("Password", Visitor.Password));
        await _server.ReceivedAsync(2, Cancelled);
    }

    [Fact]
    public async Task Whoever_has_an_account_with_that_address_keeps_it_and_only_the_link_says_so()
    {
        using var bruno = await BrunoAsync();

        var link = await AskAsync("Bruno@example.org");
        await _ana.GetAsync(link, Cancelled);
        using var refused = await _ana.TryPostAsync("/email", Cancelled, ("Token", TokenOf(link)));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("Somebody with this address has an account already.", (await Reading.PageAsync(refused, Cancelled)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("ana@example.org", await AccountAsync(), StringComparison.Ordinal);
        await bruno.GetAsync("/account", Cancelled);
        Assert.Equal("/account", bruno.Path);
        using var inside = await SignInAsync("bruno@example.org");
        Assert.NotNull(inside);
    }

    [Fact]
    public async Task N01_a_link_changes_its_own_account_alone_once_and_not_after_the_password_has_changed()
    {
        using var bruno = await BrunoAsync();
        var used = TokenOf(await AskAsync(Next));
        var (early, late) = (TokenOf(await AskAsync("second@lizards.example")), TokenOf(await AskAsync("third@lizards.example")));
        // Bruno opens Ana's link: it is Ana's address that changes.
        await bruno.GetAsync("/account", Cancelled);
        await bruno.PostAsync("/email", Cancelled, ("Token", used));
        Assert.Contains("bruno@example.org", (await bruno.GetAsync("/account", Cancelled)).QuerySelector(".facts-list")!.TextContent, StringComparison.Ordinal);
        await bruno.GetAsync("/account/email", Cancelled);

        foreach (var token in new[] { used, early, late, "", "null", "[]", used[..^4] + "AAAA" })
        {
            using var refused = await bruno.TryPostAsync("/email", Cancelled, ("Token", token));
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, token);
        }

        using var none = await bruno.TryPostAsync("/email", Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        using var ana = await SignInAsync(Next);
        Assert.NotNull(ana);
    }

    [Fact]
    public async Task A_link_opens_nothing_for_whoever_is_suspended()
    {
        using var bruno = await BrunoAsync();
        await using var scope = _server.App.Services.CreateAsyncScope();
        var link = await AskAsync("bruno@lizards.example", bruno);
        var people = scope.ServiceProvider.GetRequiredService<People>();
        var id = (await people.ListAsync("bruno", null, 10, Cancelled)).Single().Id;
        await people.SuspendAsync(id, Cancelled);
        using var stranger = _server.App.VisitAsStranger();
        await stranger.GetAsync("/sign-in", Cancelled);

        using var refused = await stranger.TryPostAsync("/email", Cancelled, ("Token", TokenOf(link)));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("bruno@example.org", (await people.FindAsync(id, Cancelled)).Email);
    }

    [Fact]
    public async Task Where_no_mail_is_sent_the_page_says_so()
    {
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        using var ana = app.Visit();
        var page = await ana.GetAsync("/account/email", Cancelled);
        Assert.Contains("This server sends no e-mail.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("#email-change"));

        using var refused = await ana.TryPostAsync("/account/email", Cancelled, ("Email", Next), ("Password", Visitor.Password));

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    private async Task<string> AskAsync(string email, Visitor? visitor = null)
    {
        var before = _server.Mail.Received.Count;
        await (visitor ?? _ana).GetAsync("/account/email", Cancelled);
        var asked = await (visitor ?? _ana).PostAsync("/account/email", Cancelled, ("Email", email), ("Password", Visitor.Password));
        Assert.NotNull(asked.QuerySelector(".notice-line--good"));
        await _server.ReceivedAsync(before + 2, Cancelled);
        return _server.Mail.Received.Skip(before).Single(mail => mail.To.Contains(email)).Link;
    }

    private async Task<Visitor> BrunoAsync()
    {
        var bruno = _server.App.VisitAsStranger();
        await bruno.AcceptAsync(await _ana.InviteAsync("bruno@example.org", cancellationToken: Cancelled), cancellationToken: Cancelled);
        return bruno;
    }

    private async Task<Visitor?> SignInAsync(string email)
    {
        var visitor = _server.App.VisitAsStranger();
        await visitor.GetAsync("/sign-in", Cancelled);
        using var answer = await visitor.TryPostAsync("/sign-in", Cancelled, ("Email", email), ("Password", Visitor.Password));
        return visitor.Session is null ? null : visitor;
    }

    private async Task<string> AccountAsync() => (await _ana.GetAsync("/account", Cancelled)).QuerySelector(".facts-list")!.TextContent;

    private static string TokenOf(string link) => link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..];
}
