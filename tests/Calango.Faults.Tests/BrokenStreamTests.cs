using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Faults.Tests;

/// <summary>Connections to a model service that break, close by half, or are slow.</summary>
public sealed class BrokenStreamTests
{
    private static readonly string Whole = UpstreamReply.WordsOf(200).Trim();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public Task R13_What_came_before_a_stream_broke_is_kept_and_called_interrupted(DatabaseKind kind) => FaultRuns.RunAsync(
        kind, FaultRuns.Count(brief: 1, full: 5), async (installation, run) =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        foreach (var marker in new[] { "n=60 rst=30 r=100", "n=60 cut=30", "n=60 cutjson=30", "n=60 cutjson=30 gzip=1", "n=30 eof=1" })
        {
            var reader = await BeginAsync(tab, $"Run {run} [[{marker}]]");
            await reader.FollowToTheEndAsync(CancellationToken);
            Assert.Equal("Interrupted", reader.State);
            Assert.NotEqual("", reader.FailureText);
            // What was still on its way is lost with a reset.
            Assert.StartsWith(marker.Contains("rst", StringComparison.Ordinal) ? "w1 w2" : UpstreamReply.WordsOf(30).Trim(), reader.Text.Trim(), StringComparison.Ordinal);
        }
    });

    [EachDatabase]
    public Task R13_Streams_that_break_at_any_moment_keep_what_was_read_and_can_be_continued(DatabaseKind kind) => FaultRuns.RunAsync(
        kind, FaultRuns.Count(brief: 2, full: 50), async (installation, run) =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        installation.ToModel.CutAfter(Random.Shared.Next(100_000));
        var readers = await Task.WhenAll(Enumerable.Range(1, 4).Select(number => BeginAsync(tab, $"Run {run}, number {number} [[n=200 r=150]]")));
        await Task.WhenAll(readers.Select(reader => reader.FollowToTheEndAsync(CancellationToken)));
        Assert.All(readers, reader => Assert.True(reader.State == "Complete" ? reader.Text.Trim() == Whole : reader.State == "Interrupted" && Whole.StartsWith(reader.Text.Trim(), StringComparison.Ordinal)));
        if (Array.Find(readers, reader => reader.State == "Interrupted") is { } broken)
        {
            await tab.PressAsync($"/chat/{broken.ConversationId}/messages/{broken.TurnId}/continuation", CancellationToken);
            var continued = await tab.ReadAsync(broken.ConversationId, CancellationToken);
            await continued.FollowToTheEndAsync(CancellationToken);
            Assert.StartsWith(broken.Text.Trim(), continued.Text, StringComparison.Ordinal);
        }
    });

    [EachDatabase]
    public Task R13_A_service_that_closes_its_half_of_the_connection_in_mid_answer_interrupts_it(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        var reader = await BeginAsync(tab, "Close [[endless=1 r=50]]");
        var following = reader.FollowToTheEndAsync(CancellationToken);
        await Eventually.HoldsAsync("it is read", () => Task.FromResult(reader.Text.Length > 0), CancellationToken);
        installation.ToModel.HalfClose();
        await following;
        Assert.Equal("Interrupted", reader.State);
        await Eventually.HoldsAsync("the model is left", () => Task.FromResult(installation.Upstream.Stats.Active == 0), CancellationToken);
    });

    [EachDatabase]
    public Task R13_On_a_slow_and_late_way_to_the_service_every_character_arrives(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        (installation.ToModel.BytesPerSecond, installation.ToModel.Latency) = (20_000, TimeSpan.FromMilliseconds(5));
        var readers = await Task.WhenAll(Enumerable.Range(1, 4).Select(number => BeginAsync(tab, $"Number {number} [[n=200]]")));
        await Task.WhenAll(readers.Select(reader => reader.FollowToTheEndAsync(CancellationToken)));
        Assert.All(readers, reader => Assert.Equal(("Complete", Whole), (reader.State, reader.Text.Trim())));
    });

    [EachDatabase]
    public Task R13_A_service_that_is_down_when_it_is_asked_is_asked_again_and_answers_when_it_is_back(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        installation.ToModel.Shut();
        var reader = await BeginAsync(tab, "Are you there? [[n=5]]");
        var following = reader.FollowToTheEndAsync(CancellationToken);
        await Eventually.HoldsAsync("it was asked in vain", () => Task.FromResult(installation.ToModel.SentAway > 0 && reader.Progress.Count > 0), CancellationToken);
        installation.ToModel.Open();
        await following;
        Assert.Equal(("Complete", "w1 w2 w3 w4 w5"), (reader.State, reader.Text.Trim()));
    });

    private static async Task<PageReader> BeginAsync(Tab tab, string text) => tab.Read((await tab.SendAsync(text, cancellationToken: CancellationToken)).Page);
}
