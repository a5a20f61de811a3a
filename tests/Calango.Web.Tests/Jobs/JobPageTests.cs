using System.Net;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Identity;

namespace Calango.Web.Tests.Jobs;

/// <summary>What the server does by itself, as whoever runs it sees it and has it done.</summary>
public sealed class JobPageTests
{
    private static readonly string[] Cleaning = ["deleted-chats", "traces", "kept-answers", "abandoned-downloads", "avatars", "pictures", "sessions", "invitations", "tokens", "mail-not-sent", "quotas", "webhook-messages", "document-files", "old-passages", "old-imports"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Each_job_is_there_in_words_with_when_it_is_due_and_runs_when_it_is_asked_to(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();

        var page = await ScheduledAsync(ana);

        Assert.Superset(Cleaning.Concat(["mail", "webhooks", "quota-reservations", "ingestion", "sources"]).ToHashSet(), page.QuerySelectorAll("#jobs li").Select(row => row.Id!["job-".Length..]).ToHashSet());
        Assert.DoesNotContain("job.", page.QuerySelector("#jobs")!.TextContent, StringComparison.Ordinal);
        Assert.Matches("^Removes what was sent for old answers each day at 3:20.AM It has not run yet Next: .* Run now$", RowOf(page, "traces"));
        Assert.Matches("^Sends e-mail that waits for its next try each minute (Last run: .*)?Next: [^R]*$", RowOf(page, "mail"));

        await ana.PostAsync(RunOf(page, "traces"), Cancelled);

        Assert.Equal("/admin/jobs", ana.Path);
        await Eventually.HoldsAsync(
            "it has run",
            async () => RowOf(page = await ana.GetAsync("/admin/jobs", Cancelled), "traces").StartsWith("Removes what was sent for old answers each day at 3:20", StringComparison.Ordinal)
                && page.QuerySelector("#job-traces .badge")!.TextContent == "Done" && page.QuerySelector("#job-traces button") is not null,
            Cancelled);
        Assert.Contains("0 removed", RowOf(page, "traces"), StringComparison.Ordinal);
        Assert.Contains("Next: ", RowOf(page, "traces"), StringComparison.Ordinal);
        var runs = (await ana.GetAsync("/admin/jobs/traces", Cancelled)).QuerySelectorAll("#runs li");
        Assert.Contains("Done", Assert.Single(runs).TextContent, StringComparison.Ordinal);
        if (kind == DatabaseKind.Postgres)
        {
            Assert.StartsWith("Had a job run traces Ana", LoginSite.Words((await ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit li")!.TextContent), StringComparison.Ordinal);
        }
    }

    [EachDatabase]
    public async Task What_is_no_job_or_comes_by_itself_each_minute_cannot_be_asked_for(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        await ana.GetAsync("/admin/jobs/mail", Cancelled);

        foreach (var name in (string[])["mail", "no-such-job"])
        {
            using var answer = await ana.TryPostAsync($"/admin/jobs/{name}", Cancelled);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var missing = await ana.Http.GetAsync("/admin/jobs/no-such-job", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Asked_for_on_two_servers_at_once_it_runs_once_and_an_old_page_asks_for_nothing_more()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var (here, elsewhere) = (TestFolders.NewTemporary("job-one"), TestFolders.NewTemporary("job-two"));
        await using var first = await ServerProcess.StartAsync(database, here);
        await using var second = await ServerProcess.StartAsync(database, elsewhere);
        using var ana = first.Visit();
        using var there = second.Visit();
        var pages = await Task.WhenAll(ScheduledAsync(ana), ScheduledAsync(there));

        for (var round = 1; round <= 5; round++)
        {
            var presses = Enumerable.Range(0, 6).Select(number => number % 2 == 0 ? ana.PostAsync(RunOf(pages[0], "traces"), Cancelled) : there.PostAsync(RunOf(pages[1], "traces"), Cancelled));
            await Task.WhenAll(presses);
            await Eventually.HoldsAsync("it is at work no more", async () => (await ana.GetAsync("/admin/jobs", Cancelled)).QuerySelector("#job-traces button") is not null, Cancelled);
            await ana.PostAsync(RunOf(pages[0], "traces"), Cancelled);
            await Eventually.HoldsAsync("the old page's wish is done with", async () => (await ana.GetAsync("/admin/jobs", Cancelled)).QuerySelector("#job-traces button") is not null, Cancelled);
            Assert.Equal(round, (await ana.GetAsync("/admin/jobs/traces", Cancelled)).QuerySelectorAll("#runs li").Length);
            pages = await Task.WhenAll(ana.GetAsync("/admin/jobs", Cancelled), there.GetAsync("/admin/jobs", Cancelled));
        }

        await first.KillAsync();
        await second.KillAsync();
        TestFolders.Delete(here);
        TestFolders.Delete(elsewhere);
    }

    // The schedule begins some seconds after the server.
    private static async Task<IHtmlDocument> ScheduledAsync(Visitor visitor)
    {
        IHtmlDocument? page = null;
        await Eventually.HoldsAsync(
            "the schedule has begun", async () => RowOf(page = await visitor.GetAsync("/admin/jobs", Cancelled), "traces").Contains("Next: ", StringComparison.Ordinal), Cancelled);
        return page!;
    }

    private static string RowOf(IHtmlDocument page, string job) => LoginSite.Words(page.QuerySelector($"#job-{job}")!.TextContent);

    private static string RunOf(IHtmlDocument page, string job) => page.QuerySelector($"#job-{job} button")!.GetAttribute("formaction")!;
}
