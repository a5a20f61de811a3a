using System.Collections.Concurrent;
using Calango.Core.Events;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Events;

/// <summary>A sink may do what it likes: whoever adds events doesn't notice, and what is lost is counted.</summary>
public sealed class SinkQueueTests : SinkQueueTestBase
{
    [Fact]
    public async Task Events_that_come_close_together_are_sent_together_in_their_order()
    {
        var queue = Start((_, _) => Task.FromResult(true));
        var events = Enumerable.Range(0, 250).Select(_ => Event()).ToList();

        events.ForEach(queue.Add);
        await AdvanceUntilAsync("all were sent", () => Count("sent") == 250);

        Assert.Equal([100, 100, 50], Calls.Select(call => call.Count));
        Assert.Equal(events.Select(one => one.Id), Calls.SelectMany(call => call).Select(one => one.Id));
        Assert.Equal(0, Count("waiting"));
    }

    [Fact]
    public async Task What_may_pass_is_tried_again_until_it_has_passed()
    {
        var failures = new Queue<Exception>([
            new ProviderException(ProviderErrorKind.ServiceFailed, Canary), new ProviderException(ProviderErrorKind.Unauthorized), new ProviderException(ProviderErrorKind.Unreachable),
            PluginFault.NotServing("sink"), new TimeoutException(),
        ]);
        var queue = Start((_, _) => failures.TryDequeue(out var failure) ? Task.FromException<bool>(failure) : Task.FromResult(true));

        queue.Add(Event());
        await AdvanceUntilAsync("it was sent", () => Count("sent") == 1);

        Assert.Equal(6, Calls.Count);
        Assert.Equal(0, Counts.Where(count => count.Key.StartsWith("dropped", StringComparison.Ordinal)).Sum(count => count.Value));
        Assert.DoesNotContain(Canary, Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_asks_to_wait_is_left_alone_for_so_long()
    {
        var asked = TimeSpan.FromMinutes(5);
        var times = new ConcurrentQueue<DateTimeOffset>();
        var queue = Start((_, _) =>
        {
            times.Enqueue(Clock.GetUtcNow());
            return times.Count == 1 ? Task.FromException<bool>(new ProviderException(ProviderErrorKind.RateLimited, retryAfter: asked)) : Task.FromResult(true);
        });

        queue.Add(Event());
        await AdvanceUntilAsync("it was sent", () => Count("sent") == 1);

        Assert.Equal(2, times.Count);
        Assert.InRange(times.Last() - times.First(), asked, asked + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Other_settings_end_the_wait()
    {
        var isWrong = true;
        var queue = Start((_, _) => isWrong ? Task.FromException<bool>(new ProviderException(ProviderErrorKind.Unauthorized, retryAfter: TimeSpan.FromMinutes(50))) : Task.FromResult(true));
        queue.Add(Event());
        await AdvanceUntilAsync("it was tried", () => !Calls.IsEmpty);

        isWrong = false;
        await Eventually.HoldsAsync("it was sent", () =>
        {
            queue.Wake();
            return Task.FromResult(Count("sent") == 1);
        }, TestEnd);
    }

    [Fact]
    public async Task After_an_hour_in_vain_events_are_given_up_and_counted()
    {
        var queue = Start((_, _) => Task.FromException<bool>(new ProviderException(ProviderErrorKind.Unreachable)));
        queue.Add(Event());
        queue.Add(Event());

        var began = Clock.GetUtcNow();
        await AdvanceUntilAsync("they were given up", () => Count("dropped provider.unreachable") == 2, TimeSpan.FromSeconds(20));

        Assert.InRange(Clock.GetUtcNow() - began, SinkQueue.LongestTry - TimeSpan.FromMinutes(3), SinkQueue.LongestTry + TimeSpan.FromMinutes(5));
        Assert.Contains("2 events were not delivered to the sink sink and are lost (provider.unreachable)", Log.Text, StringComparison.Ordinal);
        Assert.True(Log.Text.Split("cannot be delivered").Length is > 10 and < 70, Log.Text);
    }

    [Theory]
    [InlineData(true, "sink.invalidRequest")]
    [InlineData(false, "plugin.fault")]
    public async Task What_a_sink_refuses_or_fails_over_does_not_hold_up_the_rest(bool refuses, string code)
    {
        var poison = Event();
        Exception failure = refuses ? new ProviderException(ProviderErrorKind.InvalidRequest, Canary) : new PluginFault("sink", "System.InvalidOperationException", "at Sink");
        var queue = Start((events, _) => events.Contains(poison) ? Task.FromException<bool>(failure) : Task.FromResult(true));
        queue.Add(poison);
        await AdvanceUntilAsync("it was refused", () => Count($"dropped {code}") == 1);

        queue.Add(Event());
        await AdvanceUntilAsync("the next was sent", () => Count("sent") == 1);
        Assert.DoesNotContain(Canary, Log.Text, StringComparison.Ordinal);
    }
}
