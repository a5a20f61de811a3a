using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Faults.Tests;

/// <summary>A server that is asked to stop while people read.</summary>
public sealed class ShutdownTests
{
    private const int Half = 25;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    // After which a supervisor kills it, as docs/operating.md says.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(40);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public Task R02_Of_fifty_answers_those_that_end_soon_arrive_whole_and_the_others_are_kept_as_far_as_they_came(DatabaseKind kind) => FaultRuns.RunAsync(
        kind, FaultRuns.Count(brief: 1, full: 3), async (installation, run) =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        var brief = await BeginAsync(tab, $"Run {run}, brief [[n=60 r=6]]");
        var endless = await BeginAsync(tab, $"Run {run}, endless [[endless=1 r=6]]");
        List<PageReader> all = [.. brief, .. endless];
        var following = Task.WhenAll(all.Select(reader => reader.FollowAsync(cancellationToken: CancellationToken)));
        await Eventually.HoldsAsync("all of them are read", () => Task.FromResult(all.TrueForAll(reader => reader.Events > 0)), CancellationToken);

        var asked = TimeProvider.System.GetTimestamp();
        var exit = installation.Server.TerminateAsync(CancellationToken);
        await AssertNothingNewIsBegunAsync(installation, tab, brief[0].ConversationId);
        await following;

        Assert.Equal(0, await exit);
        Assert.InRange(TimeProvider.System.GetElapsedTime(asked), TimeSpan.Zero, Grace);
        Assert.All(brief, reader => Assert.Equal("Complete", reader.State));
        Assert.All(brief, reader => Assert.Equal(UpstreamReply.WordsOf(60).Trim(), reader.Text.Trim()));
        await installation.RestartAsync();
        using var later = await installation.OpenTabAsync(CancellationToken);
        foreach (var reader in endless)
        {
            var after = await later.ReadAsync(reader.ConversationId, CancellationToken);
            Assert.Equal("Interrupted", after.State);
            Assert.StartsWith(reader.Text.Trim(), after.Text, StringComparison.Ordinal);
        }
    });

    [EachDatabase]
    public Task R02_A_server_whose_database_is_away_stops_in_time_too_and_keeps_what_was_stored(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        var sent = await tab.SendAsync("Go on and on [[endless=1 r=20]]", cancellationToken: CancellationToken);
        var reader = tab.Read(sent.Page);
        await reader.FollowAsync(() => PageReader.WordsOf(reader.Text) > 60, cancellationToken: CancellationToken);
        await using var away = await installation.TakeDatabaseAwayAsync();

        var asked = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, await installation.Server.TerminateAsync(CancellationToken));
        Assert.InRange(TimeProvider.System.GetElapsedTime(asked), TimeSpan.Zero, Longest);
        await away.ReturnAsync();
        await installation.RestartAsync();
        using var later = await installation.OpenTabAsync(CancellationToken);
        await Eventually.HoldsAsync("the answer is called interrupted", async () => (await later.ReadAsync(sent.ConversationId, CancellationToken)).State == "Interrupted", CancellationToken);
        Assert.StartsWith("w1 w2 w3", (await later.ReadAsync(sent.ConversationId, CancellationToken)).Text, StringComparison.Ordinal);
    });

    private static async Task<List<PageReader>> BeginAsync(Tab tab, string text)
    {
        var sent = await Task.WhenAll(Enumerable.Range(1, Half).Select(number => tab.SendAsync($"Number {number}: {text}", cancellationToken: CancellationToken)));
        return [.. sent.Select(answer => tab.Read(answer.Page))];
    }

    // Over the connections that are open, and to whoever comes anew.
    private static async Task AssertNothingNewIsBegunAsync(Installation installation, Tab tab, Guid chat)
    {
        await Eventually.HoldsAsync("the server refuses", async () => await StatusAsync(tab.Http) == HttpStatusCode.ServiceUnavailable, CancellationToken);
        var late = await tab.TrySendAsync("Too late", chat, Guid.CreateVersion7(), CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.Status);

        using var stranger = new HttpClient { BaseAddress = installation.Server.Address };
        using var page = await stranger.GetAsync("/", CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.NotNull(page.Headers.RetryAfter);
        using var ready = await stranger.GetAsync("/health/ready", CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using var live = await stranger.GetAsync("/health/live", CancellationToken);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http)
    {
        using var response = await http.GetAsync("/", CancellationToken);
        return response.StatusCode;
    }
}
