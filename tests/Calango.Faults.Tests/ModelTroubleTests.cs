using System.Globalization;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Faults.Tests;

/// <summary>A model service in trouble.</summary>
public sealed class ModelTroubleTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public Task R09_A_service_that_says_when_to_come_back_is_asked_then_and_the_page_says_so(DatabaseKind kind) => FaultRuns.RunAsync(
        kind, FaultRuns.Count(brief: 1, full: 3), async (installation, run) =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        var reader = await BeginAsync(tab, $"Run {run} [[e=429 x=2 ra=2]]");
        var following = reader.FollowToTheEndAsync(CancellationToken);
        var first = await installation.NextRequestAsync(CancellationToken);
        var second = await installation.NextRequestAsync(CancellationToken);
        var third = await installation.NextRequestAsync(CancellationToken);
        Assert.InRange(SecondsBetween(first, second), 1.9, 15);
        Assert.InRange(SecondsBetween(second, third), 1.9, 15);
        await following;
        Assert.Equal("Complete", reader.State);
        Assert.Contains(reader.Progress, line => line.Contains("2.0 s", StringComparison.Ordinal));
    });

    [EachDatabase]
    public Task R09_A_service_that_stays_busy_is_asked_three_times_at_most_and_never_after_the_first_token(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        foreach (var (marker, asked, words) in new[] { ("e=429", 3, ""), ("e=429 ra=600", 1, ""), ("n=20 err=3", 1, "w1 w2 w3") })
        {
            var text = $"Please [[{marker}]]";
            var reader = await BeginAsync(tab, text);
            await reader.FollowToTheEndAsync(CancellationToken);
            Assert.Equal("Failed", reader.State);
            Assert.NotEqual("", reader.FailureText);
            Assert.Equal(words, reader.Text.Trim());
            Assert.Equal(asked, installation.Upstream.Requests.Count(request => request.LastUserText == text));
        }
    });

    [EachDatabase]
    public Task R10_A_service_that_fails_and_recovers_is_asked_again_and_one_turn_is_stored(DatabaseKind kind) => FaultRuns.RunAsync(
        kind, FaultRuns.Count(brief: 1, full: 3), async (installation, run) =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        var kept = await BeginAsync(tab, $"Run {run}, healthy [[n=5]]");
        await kept.FollowToTheEndAsync(CancellationToken);
        foreach (var marker in new[] { "e=500 x=1", "e=503 x=2", "e=502 x=1" })
        {
            var reader = await BeginAsync(tab, $"Run {run} [[{marker} n=5]]");
            await reader.FollowToTheEndAsync(CancellationToken);
            Assert.Equal(("Complete", "w1 w2 w3 w4 w5"), (reader.State, reader.Text.Trim()));
            await (await BeginAsync(tab, $"Run {run}, healthy after {marker} [[n=5]]")).FollowToTheEndAsync(CancellationToken);
        }
    });

    [EachDatabase]
    public Task R11_A_service_that_falls_silent_is_given_up_with_a_sentence_and_what_came_is_kept(DatabaseKind kind) => FaultRuns.RunAsync(
        kind, FaultRuns.Count(brief: 1, full: 3), async (installation, run) =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        foreach (var (marker, state, words) in new[] { ("hang=1", "Failed", ""), ("hang=2", "Failed", ""), ("stall=3", "Interrupted", "w1 w2 w3"), ("stall=0", "Failed", "") })
        {
            var reader = await BeginAsync(tab, $"Run {run} [[{marker}]]");
            await reader.FollowToTheEndAsync(CancellationToken);
            Assert.Equal((state, words), (reader.State, reader.Text.Trim()));
            Assert.NotEqual("", reader.FailureText);
            await (await BeginAsync(tab, $"Run {run}, healthy after {marker} [[n=5]]")).FollowToTheEndAsync(CancellationToken);
        }
    }, new Conditions { Limits = new TimeLimits(FirstTokenSeconds: 2, BetweenTokensSeconds: 2, WholeTurnSeconds: 60) });

    [EachDatabase]
    public Task R11_Stop_works_at_once_wherever_the_service_has_fallen_silent(DatabaseKind kind) => FaultRuns.RunAsync(
        kind, FaultRuns.Count(brief: 1, full: 5), async (installation, run) =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        foreach (var marker in new[] { "hang=1", "hang=2", "stall=3", "e=429 ra=50" })
        {
            var sent = await tab.SendAsync($"Run {run} [[{marker}]]", cancellationToken: CancellationToken);
            var request = await installation.NextRequestAsync(CancellationToken);
            var reader = tab.Read(sent.Page);
            var following = reader.FollowToTheEndAsync(CancellationToken);
            await (marker.StartsWith('e') ? request.Ended : request.Held).WaitAsync(Eventually.Limit, CancellationToken);

            var pressed = TimeProvider.System.GetTimestamp();
            await tab.PressAsync($"/turns/{sent.TurnId}/stop", CancellationToken);
            await following;
            Assert.InRange(TimeProvider.System.GetElapsedTime(pressed), TimeSpan.Zero, TimeSpan.FromSeconds(2));
            Assert.Equal("Stopped", reader.State);
            await request.Ended.WaitAsync(TimeSpan.FromSeconds(2), CancellationToken);
        }
    });

    [EachDatabase]
    public Task R12_Fifty_answers_that_trickle_neither_slow_the_pages_nor_cost_threads_and_end_at_the_limit(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        await Task.WhenAll((await BeginManyAsync(tab, "Warm up [[n=20 r=10]]")).Select(reader => reader.FollowToTheEndAsync(CancellationToken)));
        var before = ThreadsOf(installation.Server.Id);

        var readers = await BeginManyAsync(tab, "Trickle [[endless=1 r=1 split=1]]");
        var following = Task.WhenAll(readers.Select(reader => reader.FollowToTheEndAsync(CancellationToken)));
        await Eventually.HoldsAsync("all of them trickle", () => Task.FromResult(readers.TrueForAll(reader => reader.Text.Length > 0)), CancellationToken);
        var (times, most) = (new List<TimeSpan>(), 0);
        while (!following.IsCompleted && times.Count < 60)
        {
            var start = TimeProvider.System.GetTimestamp();
            await tab.OpenAsync(readers[0].ConversationId, CancellationToken);
            times.Add(TimeProvider.System.GetElapsedTime(start));
            most = Math.Max(most, ThreadsOf(installation.Server.Id));
        }

        await following;
        Assert.All(readers, reader => Assert.Equal("Interrupted", reader.State));
        Assert.All(readers, reader => Assert.NotEqual("", reader.FailureText));
        Assert.InRange(times.Order().ElementAt(times.Count * 95 / 100), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(most, 1, before + 8);
    }, new Conditions { Limits = new TimeLimits(FirstTokenSeconds: 60, BetweenTokensSeconds: 60, WholeTurnSeconds: 10) });

    private static async Task<List<PageReader>> BeginManyAsync(Tab tab, string text) =>
        [.. await Task.WhenAll(Enumerable.Range(1, 50).Select(number => BeginAsync(tab, $"Number {number}: {text}")))];

    private static async Task<PageReader> BeginAsync(Tab tab, string text) => tab.Read((await tab.SendAsync(text, cancellationToken: CancellationToken)).Page);

    private static double SecondsBetween(UpstreamRequest earlier, UpstreamRequest later) =>
        TimeProvider.System.GetElapsedTime(earlier.Arrived, later.Arrived).TotalSeconds;

    private static int ThreadsOf(int process) => int.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("Threads:", StringComparison.Ordinal))["Threads:".Length..].Trim(), CultureInfo.InvariantCulture);
}
