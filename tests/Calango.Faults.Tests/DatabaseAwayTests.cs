using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Faults.Tests;

/// <summary>A database that goes away and comes back: PostgreSQL's server, or the lock on SQLite's file.</summary>
public sealed class DatabaseAwayTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(FaultRuns.InFull ? 70 : 8);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public Task R05_Answers_go_on_while_the_database_is_away_and_are_kept_whole_when_it_is_back(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        var brief = await BeginAsync(tab, "Ends while it is away [[n=60 r=20]]");
        var stopped = await BeginAsync(tab, "Is stopped while it is away [[endless=1 r=20]]");
        var seconds = (int)Outage.TotalSeconds + 10;
        var lasting = await BeginAsync(tab, $"Ends later [[n={seconds * 20} r=20]]");
        PageReader[] all = [brief, stopped, lasting];
        var following = Task.WhenAll(all.Select(reader => reader.FollowToTheEndAsync(CancellationToken)));
        await Eventually.HoldsAsync("they are read", () => Task.FromResult(all.All(reader => reader.Text.Length > 0)), CancellationToken);

        await using var away = await installation.TakeDatabaseAwayAsync();
        var since = TimeProvider.System.GetTimestamp();
        var message = Guid.CreateVersion7();
        var refused = await tab.TrySendAsync("Are you there?", conversationId: null, message, CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Contains("The database cannot be reached just now", refused.Page.Body!.TextContent, StringComparison.Ordinal);
        await AssertHealthAsync(tab.Http, kind);

        using var stopping = await tab.PostAsync($"/turns/{stopped.TurnId}/stop", CancellationToken);
        await Eventually.HoldsAsync("the model is no longer asked", () => Task.FromResult(installation.Upstream.Requests.Any(
            request => request.LastUserText.StartsWith("Is stopped", StringComparison.Ordinal) && request.Ended.IsCompleted)), CancellationToken);
        await Eventually.HoldsAsync("the page says that the answer cannot be stored", () => Task.FromResult(brief.Progress.Contains(
            "The answer is here, but it cannot be stored just now. Calango keeps trying.")), CancellationToken);
        await Eventually.HoldsAsync("it was away for long enough", () => Task.FromResult(TimeProvider.System.GetElapsedTime(since) > Outage), CancellationToken, Outage * 2);
        Assert.Equal(UpstreamReply.WordsOf(60).Trim(), brief.Text.Trim());
        Assert.False(brief.HasEnded);
        Assert.True(PageReader.WordsOf(lasting.Text) > 60);

        await away.ReturnAsync();
        await following;
        Assert.Equal(("Complete", "Stopped", "Complete"), (brief.State, stopped.State, lasting.State));
        Assert.Equal(UpstreamReply.WordsOf(seconds * 20).Trim(), lasting.Text.Trim());
        var sent = await tab.TrySendAsync("Are you there?", conversationId: null, message, CancellationToken);
        Assert.Equal(HttpStatusCode.OK, sent.Status);
        await tab.Read(sent.Page).FollowToTheEndAsync(CancellationToken);
    });

    [EachDatabase]
    public Task R05_An_answer_that_grows_too_long_while_the_database_is_away_says_so_and_keeps_what_there_was(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        var reader = await BeginAsync(tab, "Never end [[endless=1 r=400]]");
        var following = reader.FollowToTheEndAsync(CancellationToken);
        await Eventually.HoldsAsync("it is read", () => Task.FromResult(reader.Text.Length > 0), CancellationToken);

        await using var away = await installation.TakeDatabaseAwayAsync();
        await Eventually.HoldsAsync("the page says that it cannot be stored", () => Task.FromResult(reader.Progress.Exists(
            line => line.Contains("cannot be stored", StringComparison.Ordinal))), CancellationToken);
        await away.ReturnAsync();
        await following;
        Assert.Equal("Interrupted", reader.State);
        Assert.NotEqual("", reader.FailureText);
        Assert.InRange(reader.Text.Length, 9_000, 11_000);
    }, new Conditions { Settings = new Dictionary<string, string?> { ["CALANGO_TURNS_MAXANSWERLENGTH"] = "10000" } });

    [Fact]
    public async Task R05_A_server_that_starts_before_its_database_lives_asks_to_come_back_and_begins_by_itself()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await FaultRuns.RunAsync(DatabaseKind.Postgres, async installation =>
        {
            using (var tab = await installation.OpenTabAsync(CancellationToken))
            {
                await tab.SendAsync("Before [[endless=1 r=20]]", cancellationToken: CancellationToken);
            }

            await installation.KillAsync();
            var port = ServerProcess.FreePort();
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            installation.ToDatabase!.Shut();
            var starting = installation.RestartAsync(port);
            await Eventually.HoldsAsync("the server lives", async () => await StatusAsync(http, "/health/live") == HttpStatusCode.OK, CancellationToken);
            var since = TimeProvider.System.GetTimestamp();
            await Eventually.HoldsAsync("it was away for long enough", async () =>
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, "/health/ready"));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, "/"));
                return TimeProvider.System.GetElapsedTime(since) > Outage;
            }, CancellationToken, Outage * 2);
            Assert.False(starting.IsCompleted);

            installation.ToDatabase.Open();
            await starting;
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/health/ready"));
        });
    }

    [Fact]
    public async Task R05_A_start_whose_connections_break_again_and_again_ends_in_a_server_that_works()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await FaultRuns.RunAsync(DatabaseKind.Postgres, FaultRuns.Count(brief: 2, full: 20), async (installation, run) =>
        {
            using (var tab = await installation.OpenTabAsync(CancellationToken))
            {
                await tab.SendAsync($"Run {run} [[endless=1 r=20]]", cancellationToken: CancellationToken);
            }

            await installation.KillAsync();
            var starting = installation.RestartAsync(ServerProcess.FreePort());
            for (var cut = 1; cut <= 6 && !starting.IsCompleted; cut++)
            {
                installation.ToDatabase!.CutAfter(Random.Shared.Next(4_000));
                await Task.WhenAny(starting, Eventually.HoldsAsync("it has come so far", () => Task.FromResult(!installation.ToDatabase.WillCut), CancellationToken));
            }

            await starting;
            installation.ToDatabase!.Open();
        });
    }

    [Fact]
    public async Task R05_Messages_are_taken_once_while_the_connections_to_the_database_break_at_any_moment()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await FaultRuns.RunAsync(DatabaseKind.Postgres, FaultRuns.Count(brief: 2, full: 30), async (installation, run) =>
        {
            using var tab = await installation.OpenTabAsync(CancellationToken);
            using var over = new CancellationTokenSource();
            var breaking = BreakAsync(installation, over.Token);
            var sent = await Task.WhenAll(Enumerable.Range(1, 12).Select(number => SendUntilTakenAsync(tab, $"Run {run}, message {number} [[n=60 r=60]]")));
            await Task.WhenAll(sent.Select(answer => tab.Read(answer.Page).FollowToTheEndAsync(CancellationToken)));
            await over.CancelAsync();
            await breaking;
            installation.ToDatabase!.Open();
        });
    }

    private static async Task BreakAsync(Installation installation, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            installation.ToDatabase!.CutAfter(Random.Shared.Next(3_000));
            await Task.WhenAny(Task.Delay(Random.Shared.Next(20, 300), over));
        }
    }

    private static async Task<Sent> SendUntilTakenAsync(Tab tab, string text)
    {
        var id = Guid.CreateVersion7();
        while (true)
        {
            var sent = await tab.TrySendAsync(text, conversationId: null, id, CancellationToken);
            if (sent.Status == HttpStatusCode.OK)
            {
                return sent;
            }

            Assert.Equal(HttpStatusCode.ServiceUnavailable, sent.Status);
        }
    }

    private static async Task<PageReader> BeginAsync(Tab tab, string text) => tab.Read((await tab.SendAsync(text, cancellationToken: CancellationToken)).Page);

    // SQLite's file can still be read while another process writes to it.
    private static async Task AssertHealthAsync(HttpClient http, DatabaseKind kind)
    {
        Assert.Equal(kind == DatabaseKind.Sqlite ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, await StatusAsync(http, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/health/live"));
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, string path)
    {
        try
        {
            using var response = await http.GetAsync(path, CancellationToken);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
