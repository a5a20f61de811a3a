using System.Net;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>A network to PostgreSQL that swallows everything, or is late or slow.</summary>
public sealed class SilentDatabaseTests
{
    // Five seconds for the command, and what a busy machine adds.
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(3);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task R06_While_the_database_is_silent_pages_say_so_in_time_and_afterwards_everybody_is_served()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await FaultRuns.RunAsync(DatabaseKind.Postgres, FaultRuns.Count(brief: 1, full: 5), async (installation, run) =>
        {
            using var tab = await installation.OpenTabAsync(CancellationToken);
            var sent = await tab.SendAsync($"Run {run} [[n=400 r=20]]", cancellationToken: CancellationToken);
            var reader = tab.Read(sent.Page);
            var following = reader.FollowToTheEndAsync(CancellationToken);
            await Eventually.HoldsAsync("it is read", () => Task.FromResult(reader.Text.Length > 0), CancellationToken);
            // Connections that are open already are those on which a command is under way when the silence begins.
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => tab.Http.GetAsync("/", CancellationToken)));

            installation.ToDatabase!.FallSilent();
            var message = Guid.CreateVersion7();
            var refused = Task.WhenAll(
                [RefusedAsync(() => SendAsync(tab, $"Run {run}, silent", message)), .. Enumerable.Range(0, 150).Select(_ => RefusedAsync(() => tab.Http.GetAsync("/", CancellationToken)))]);
            while (!refused.IsCompleted)
            {
                await AssertQuickAsync(tab.Http, "/health/live", HttpStatusCode.OK);
                await AssertQuickAsync(tab.Http, "/health/ready", HttpStatusCode.ServiceUnavailable);
                await AssertQuickAsync(tab.Http, "/app.css", HttpStatusCode.OK);
            }

            Assert.All(await refused, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
            Assert.All(await refused, answer => Assert.InRange(answer.Took, TimeSpan.Zero, LongestRequest));

            installation.ToDatabase.Open();
            await Eventually.HoldsAsync("the server is ready again", async () => (await tab.Http.GetAsync("/health/ready", CancellationToken)).IsSuccessStatusCode, CancellationToken);
            var served = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => tab.Http.GetAsync("/", CancellationToken)));
            Assert.All(served, page => Assert.Equal(HttpStatusCode.OK, page.StatusCode));
            var again = await tab.TrySendAsync($"Run {run}, silent", conversationId: null, message, CancellationToken);
            Assert.Equal(HttpStatusCode.OK, again.Status);
            await following;
            Assert.Equal("Complete", reader.State);
        });
    }

    [Fact]
    public async Task R06_A_server_that_starts_while_its_database_is_silent_lives_and_begins_when_it_speaks()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await FaultRuns.RunAsync(DatabaseKind.Postgres, async installation =>
        {
            await installation.KillAsync();
            installation.ToDatabase!.FallSilent();
            var port = ServerProcess.FreePort();
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            var starting = installation.RestartAsync(port);
            await Eventually.HoldsAsync("the server lives", async () => await StatusAsync(http, "/health/live") == HttpStatusCode.OK, CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, "/health/ready"));

            installation.ToDatabase.Open();
            await starting;
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/health/ready"));
        });
    }

    [Fact]
    public async Task R06_On_a_slow_way_to_the_database_everything_works_and_takes_longer()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await FaultRuns.RunAsync(DatabaseKind.Postgres, async installation =>
        {
            installation.ToDatabase!.Latency = TimeSpan.FromMilliseconds(30);
            installation.ToDatabase.BytesPerSecond = 50_000;
            using var tab = await installation.OpenTabAsync(CancellationToken);
            var sent = await Task.WhenAll(Enumerable.Range(1, 5).Select(number => tab.SendAsync($"Message {number} [[n=200 r=100]]", cancellationToken: CancellationToken)));
            var readers = sent.Select(answer => tab.Read(answer.Page)).ToList();
            await Task.WhenAll(readers.Select(reader => reader.FollowToTheEndAsync(CancellationToken)));
            Assert.All(readers, reader => Assert.Equal("Complete", reader.State));
        });
    }

    private static async Task<HttpResponseMessage> SendAsync(Tab tab, string text, Guid message) =>
        new((await tab.TrySendAsync(text, conversationId: null, message, CancellationToken)).Status);

    private static async Task<(HttpStatusCode Status, TimeSpan Took)> RefusedAsync(Func<Task<HttpResponseMessage>> ask)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var response = await ask();
        return (response.StatusCode, TimeProvider.System.GetElapsedTime(start));
    }

    private static async Task AssertQuickAsync(HttpClient http, string path, HttpStatusCode status)
    {
        var answer = await RefusedAsync(() => http.GetAsync(path, CancellationToken));
        Assert.Equal(status, answer.Status);
        Assert.InRange(answer.Took, TimeSpan.Zero, Quick);
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
