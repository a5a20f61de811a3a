using Calango.Sdk;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Events;

/// <summary>What becomes of events for which there is no room or no time.</summary>
public sealed class SinkQueueLimitTests : SinkQueueTestBase
{
    [Fact]
    public async Task A_sink_that_blocks_its_thread_is_told_to_stop_and_left_behind()
    {
        using var release = new ManualResetEventSlim();
        var first = true;
        var queue = Start((_, _) =>
        {
            if (first)
            {
                first = false;
                release.Wait(TestEnd);
            }

            return Task.FromResult(true);
        });

        queue.Add(Event());
        await AdvanceUntilAsync("another call got through", () => Count("sent") == 1);

        Assert.Equal(2, Calls.Count);
        release.Set();
    }

    [Fact]
    public async Task A_sink_that_never_comes_back_is_called_a_few_times_and_no_more()
    {
        var hanging = new TaskCompletionSource<bool>();
        var queue = Start((_, _) => hanging.Task);

        queue.Add(Event());
        await AdvanceUntilAsync("it was given up", () => Count("dropped sink.timedOut") == 1, TimeSpan.FromSeconds(20));

        Assert.Equal(4, Calls.Count);
    }

    [Fact]
    public async Task What_finds_no_room_is_dropped_at_once_counted_and_told_once_in_a_while()
    {
        var held = new TaskCompletionSource<bool>();
        var queue = Start((_, _) => held.Task);
        for (var i = 0; i < 5_200; i++)
        {
            queue.Add(Event());
        }

        Assert.InRange(Count("dropped queue.full"), 100, 200);
        Assert.Equal(2, Log.Text.Split("and are lost (queue.full)").Length);
        held.SetResult(true);
        await AdvanceUntilAsync("the others were sent", () => Count("sent") + Count("dropped queue.full") == 5_200);
        Assert.Equal(0, Count("waiting"));
    }

    [Fact]
    public async Task Long_texts_fill_the_room_sooner_and_travel_alone()
    {
        var held = new TaskCompletionSource<bool>();
        var queue = Start((_, _) => held.Task);
        var text = new string('x', 1_000_000);
        for (var i = 0; i < 40; i++)
        {
            queue.Add(Event() with { Text = new ModelEventText([], text) });
        }

        Assert.Equal(7, Count("dropped queue.full"));
        held.SetResult(true);
        await AdvanceUntilAsync("the others were sent", () => Count("sent") == 33);
        Assert.All(Calls, call => Assert.Single(call));
        queue.Add(Event() with { Text = new ModelEventText([], text) });
        await AdvanceUntilAsync("there is room again", () => Count("sent") == 34);
    }

    [Fact]
    public async Task At_the_end_what_waits_is_sent_at_once()
    {
        var queue = Start((_, _) => Task.FromResult(true));
        for (var i = 0; i < 150; i++)
        {
            queue.Add(Event());
        }

        queue.Complete();
        await Running.WaitAsync(TestEnd);

        Assert.Equal(150, Count("sent"));
    }

    [Fact]
    public async Task At_the_end_a_sink_that_hangs_is_left_and_what_is_lost_is_counted()
    {
        var queue = Start((_, _) => new TaskCompletionSource<bool>().Task);
        for (var i = 0; i < 150; i++)
        {
            queue.Add(Event());
        }

        queue.Complete();
        await Eventually.HoldsAsync("it was tried", () => Task.FromResult(!Calls.IsEmpty), TestEnd);
        await End.CancelAsync();
        await Running.WaitAsync(TestEnd);

        Assert.Equal(150, Count("dropped server.stopped"));
        Assert.Contains("are lost (server.stopped)", Log.Text, StringComparison.Ordinal);
    }
}
