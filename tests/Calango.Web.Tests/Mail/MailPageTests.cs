using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Mail;
using Npgsql;

namespace Calango.Web.Tests.Mail;

/// <summary>E-mail as whoever runs the server, and whoever is invited, meets it.</summary>
public sealed class MailPageTests : IAsyncLifetime
{
    private readonly ScriptedMailServer _mail = ScriptedMailServer.Start();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _mail.DisposeAsync();

    [Fact]
    public async Task An_invitation_goes_by_mail_and_its_link_makes_an_account()
    {
        await using var app = await StartAsync();
        using var ana = app.Visit();
        await ana.GetAsync("/admin/people", Cancelled);

        var made = await InviteAsync(ana, "bruno@example.org");

        Assert.Null(made.QuerySelector("#invitation-link"));
        Assert.Contains("bruno@example.org", made.QuerySelector("[role=status].notice-line")!.TextContent, StringComparison.Ordinal);
        var mail = await ReceivedAsync(1);
        Assert.Equal(["bruno@example.org"], mail.To);
        using var bruno = app.VisitAsStranger();
        await bruno.AcceptAsync(mail.Link, cancellationToken: Cancelled);
        Assert.NotNull(bruno.Session);
    }

    [Fact]
    public async Task A_message_that_was_refused_is_shown_with_the_reason_sent_again_and_removed()
    {
        await using var app = await StartAsync();
        _mail.Answer = command => command.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 nobody" : null;
        using var ana = app.Visit();
        await ana.GetAsync("/admin/people", Cancelled);
        await InviteAsync(ana, "bruno@example.org");
        await InviteAsync(ana, "carla@example.org");
        await Eventually.HoldsAsync("both were refused", async () => (await ana.GetAsync("/admin/mail", Cancelled)).QuerySelectorAll("#mail .badge--bad").Length == 2, Cancelled);

        var row = (await ana.GetAsync("/admin/mail?q=bruno", Cancelled)).QuerySelectorAll("#mail li").Single();
        Assert.Contains("The mail server refuses the recipient's address. It answered 550.", row.TextContent, StringComparison.Ordinal);
        _mail.Answer = _ => null;
        await ana.PostAsync($"/admin/mail/{row.Id!["mail-".Length..]}", Cancelled);
        Assert.Equal(["bruno@example.org"], (await ReceivedAsync(1)).To);

        var other = (await ana.GetAsync("/admin/mail?q=carla", Cancelled)).QuerySelectorAll("#mail li").Single();
        await ana.PostAsync($"/admin/mail/{other.Id!["mail-".Length..]}", Cancelled, ("_method", "DELETE"));
        Assert.Empty((await ana.GetAsync("/admin/mail", Cancelled)).QuerySelectorAll("#mail li"));
    }

    [Fact]
    public async Task A_test_says_at_once_whether_the_mail_server_takes_it()
    {
        await using var app = await StartAsync();
        using var ana = app.Visit();
        await ana.GetAsync("/admin/mail", Cancelled);

        Assert.NotNull((await ana.PostAsync("/admin/mail", Cancelled, ("Email", "ana@example.org"))).QuerySelector("#mail-test .notice-line--good"));
        Assert.Single(_mail.Received);
        _mail.Answer = command => command.StartsWith("MAIL", StringComparison.Ordinal) ? "451 4.3.0 full" : null;
        using var failed = await ana.TryPostAsync("/admin/mail", Cancelled, ("Email", "ana@example.org"));
        Assert.Equal(HttpStatusCode.BadRequest, failed.StatusCode);
        Assert.Contains("451", (await Reading.PageAsync(failed, Cancelled)).QuerySelector("#mail-test [role=alert]")!.TextContent, StringComparison.Ordinal);
        using var injected = await ana.TryPostAsync("/admin/mail", Cancelled, ("Email", "ana@example.org\r\nBcc: eve@example.org"));
        Assert.Equal(HttpStatusCode.BadRequest, injected.StatusCode);
        Assert.Single(_mail.Received);
    }

    [Fact]
    public async Task Where_no_mail_server_is_named_the_page_says_so_and_an_invitation_is_a_link()
    {
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        using var ana = app.Visit();

        var page = await ana.GetAsync("/admin/mail", Cancelled);

        Assert.Contains("mail.host", page.QuerySelector(".notice-line")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("#mail-test"));
        Assert.Null((await ana.GetAsync("/admin/people", Cancelled)).QuerySelector("[name=ByMail]"));
    }

    [Fact]
    public async Task What_is_sent_when_the_server_is_killed_is_sent_again_by_the_next_with_the_same_id()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var folder = TestFolders.NewTemporary("data");
        var said = new TaskCompletionSource();
        _mail.BeforeSaying = said.Task;
        await using (var killed = await ServerProcess.StartAsync(database, folder, Settings()))
        {
            using var ana = killed.Visit();
            await ana.GetAsync("/admin/people", Cancelled);
            await InviteAsync(ana, "bruno@example.org");
            await ReceivedAsync(1);
            await killed.KillAsync();
        }

        said.SetResult();
        await LetTheClaimEndAsync(database);
        await using var next = await ServerProcess.StartAsync(database, folder, Settings());

        await ReceivedAsync(2);
        Assert.Single(_mail.Received.Select(mail => mail.Header("Message-Id")).Distinct());
        using var again = next.Visit();
        await Eventually.HoldsAsync("nothing waits", async () => (await again.GetAsync("/admin/mail", Cancelled)).QuerySelectorAll("#mail li").Length == 0, Cancelled);
        Assert.DoesNotContain(next.Log, line => line.Contains(_mail.Received[0].Link.Split('/')[^1], StringComparison.Ordinal));
        TestFolders.Delete(folder);
    }

    private Task<TestApp> StartAsync() => TestApp.StartAsync(DatabaseKind.Postgres, connected: false, Settings());

    private Dictionary<string, string?> Settings() => new()
    {
        ["CALANGO_MAIL_HOST"] = "127.0.0.1",
        ["CALANGO_MAIL_PORT"] = $"{_mail.Port}",
        ["CALANGO_MAIL_SECURITY"] = "None",
        ["CALANGO_MAIL_FROM"] = "calango@example.org",
    };

    private static async Task<AngleSharp.Html.Dom.IHtmlDocument> InviteAsync(Visitor ana, string email)
    {
        var page = await ana.GetAsync("/admin/people", Cancelled);
        var role = page.QuerySelectorAll("#invitation-role option").First(option => option.TextContent.Trim() == "Member").GetAttribute("value")!;
        return await ana.PostAsync("/admin/people", Cancelled, ("Email", email), ("RoleId", role), ("ByMail", "true"));
    }

    private async Task<ReceivedMail> ReceivedAsync(int count)
    {
        await Eventually.HoldsAsync($"{count} messages have come", () => Task.FromResult(_mail.Received.Count == count), Cancelled);
        return _mail.Received[^1];
    }

    // Five minutes, in which nobody else sends what the killed server may be sending.
    private static async Task LetTheClaimEndAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.Options.Postgres);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand("UPDATE mail SET \"ClaimedUntil\" = \"ClaimedUntil\" - interval '10 minutes' WHERE \"ClaimedUntil\" IS NOT NULL", connection);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancelled));
    }
}
