using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Calango.Core.Events;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Tests.Events;

/// <summary>A sink may do what it likes: whoever adds events doesn't notice, and what is lost is counted.</summary>
public sealed class SinkQueueTests : IAsyncDisposable
{
    private const string Canary = "canary-7731";

    private readonly ManualTime _clock = new();
    private readonly TestLog _log = new();
    private readonly ServiceProvider _services;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly ConcurrentQueue<IReadOnlyList<ModelEvent>> _calls = new();
    private readonly CancellationTokenSource _end = new();
    private SinkQueue? _queue;
    private Task _running = Task.CompletedTask;

    public SinkQueueTests()
    {
        _services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddProvider(_log)).AddSingleton<SinkTelemetry>().BuildServiceProvider();
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name.StartsWith("calango.sink.", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var key = instrument.Name["calango.sink.".Length..];
            foreach (var tag in tags)
            {
                key += tag.Key == "error.type" ? $" {tag.Value}" : "";
            }

            _counts.AddOrUpdate(key, value, (_, before) => before + value);
        });
        _listener.Start();
    }

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_that_come_close_together_are_sent_together_in_their_order()
    {
        var queue = Start((_, _) => Task.FromResult(true));
        var events = Enumerable.Range(0, 250).Select(_ => Event()).ToList();

        events.ForEach(queue.Add);
        await AdvanceUntilAsync("all were sent", () => Count("sent") == 250);

        Assert.Equal([100, 100, 50], _calls.Select(call => call.Count));
        Assert.Equal(events.Select(one => one.Id), _calls.SelectMany(call => call).Select(one => one.Id));
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

        Assert.Equal(6, _calls.Count);
        Assert.Equal(0, _counts.Where(count => count.Key.StartsWith("dropped", StringComparison.Ordinal)).Sum(count => count.Value));
        Assert.DoesNotContain(Canary, _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_asks_to_wait_is_left_alone_for_so_long()
    {
        var asked = TimeSpan.FromMinutes(5);
        var times = new ConcurrentQueue<DateTimeOffset>();
        var queue = Start((_, _) =>
        {
            times.Enqueue(_clock.GetUtcNow());
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
        await AdvanceUntilAsync("it was tried", () => !_calls.IsEmpty);

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

        var began = _clock.GetUtcNow();
        await AdvanceUntilAsync("they were given up", () => Count("dropped provider.unreachable") == 2, TimeSpan.FromSeconds(20));

        Assert.InRange(_clock.GetUtcNow() - began, SinkQueue.LongestTry - TimeSpan.FromMinutes(3), SinkQueue.LongestTry + TimeSpan.FromMinutes(5));
        Assert.Contains("2 events were not delivered to the sink sink and are lost (provider.unreachable)", _log.Text, StringComparison.Ordinal);
        Assert.True(_log.Text.Split("cannot be delivered").Length is > 10 and < 70, _log.Text);
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
        Assert.DoesNotContain(Canary, _log.Text, StringComparison.Ordinal);
    }

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

        Assert.Equal(2, _calls.Count);
        release.Set();
    }

    [Fact]
    public async Task A_sink_that_never_comes_back_is_called_a_few_times_and_no_more()
    {
        var hanging = new TaskCompletionSource<bool>();
        var queue = Start((_, _) => hanging.Task);

        queue.Add(Event());
        await AdvanceUntilAsync("it was given up", () => Count("dropped sink.timedOut") == 1, TimeSpan.FromSeconds(20));

        Assert.Equal(4, _calls.Count);
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
        Assert.Equal(2, _log.Text.Split("and are lost (queue.full)").Length);
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
        Assert.All(_calls, call => Assert.Single(call));
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
        await _running.WaitAsync(TestEnd);

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
        await Eventually.HoldsAsync("it was tried", () => Task.FromResult(!_calls.IsEmpty), TestEnd);
        await _end.CancelAsync();
        await _running.WaitAsync(TestEnd);

        Assert.Equal(150, Count("dropped server.stopped"));
        Assert.Contains("are lost (server.stopped)", _log.Text, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _queue?.Complete();
        await _end.CancelAsync();
        await _running;
        _queue?.Dispose();
        _end.Dispose();
        _listener.Dispose();
        await _services.DisposeAsync();
        _log.Dispose();
    }

    private SinkQueue Start(Func<IReadOnlyList<ModelEvent>, CancellationToken, Task<bool>> sink)
    {
        Task<bool> Send(IReadOnlyList<ModelEvent> events, CancellationToken token)
        {
            _calls.Enqueue([.. events]);
            return sink(events, token);
        }

        _queue = new SinkQueue("sink", Send, _ => { }, _services.GetRequiredService<SinkTelemetry>(), _clock);
        _running = Task.Run(() => _queue.RunAsync(_end.Token), TestEnd);
        return _queue;
    }

    private long Count(string what) => _counts.GetValueOrDefault(what);

    private Task AdvanceUntilAsync(string what, Func<bool> condition, TimeSpan? step = null) => Eventually.HoldsAsync(what, () =>
    {
        if (condition())
        {
            return Task.FromResult(true);
        }

        _clock.Advance(step ?? TimeSpan.FromSeconds(10));
        return Task.FromResult(false);
    }, TestEnd);

    private static ModelEvent Event() => new()
    {
        Id = Guid.CreateVersion7(),
        Task = ModelTask.Answer,
        TurnId = Guid.CreateVersion7(),
        ConversationId = Guid.CreateVersion7(),
        AccountId = Guid.CreateVersion7(),
        Outcome = ModelOutcome.Complete,
        StartedAt = DateTimeOffset.UnixEpoch,
        EndedAt = DateTimeOffset.UnixEpoch,
    };
}
