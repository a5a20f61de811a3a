using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Calango.Core.Events;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Tests.Events;

/// <summary>A queue of events, a sink that does what the test says, and a clock.</summary>
public abstract class SinkQueueTestBase : IAsyncDisposable
{
    private protected const string Canary = "canary-7731";

    private readonly ServiceProvider _services;
    private readonly MeterListener _listener = new();

    protected SinkQueueTestBase()
    {
        _services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddProvider(Log)).AddSingleton<SinkTelemetry>().BuildServiceProvider();
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

            Counts.AddOrUpdate(key, value, (_, before) => before + value);
        });
        _listener.Start();
    }

    private protected ManualTime Clock { get; } = new();

    private protected TestLog Log { get; } = new();

    private protected ConcurrentDictionary<string, long> Counts { get; } = new();

    private protected ConcurrentQueue<IReadOnlyList<ModelEvent>> Calls { get; } = new();

    private protected CancellationTokenSource End { get; } = new();

    private protected SinkQueue? Queue { get; set; }

    private protected Task Running { get; set; } = Task.CompletedTask;

    private protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        Queue?.Complete();
        await End.CancelAsync();
        await Running;
        Queue?.Dispose();
        End.Dispose();
        _listener.Dispose();
        await _services.DisposeAsync();
        Log.Dispose();
    }

    private protected SinkQueue Start(Func<IReadOnlyList<ModelEvent>, CancellationToken, Task<bool>> sink)
    {
        Task<bool> Send(IReadOnlyList<ModelEvent> events, CancellationToken token)
        {
            Calls.Enqueue([.. events]);
            return sink(events, token);
        }

        Queue = new SinkQueue("sink", Send, _ => { }, _services.GetRequiredService<SinkTelemetry>(), Clock);
        Running = Task.Run(() => Queue.RunAsync(End.Token), TestEnd);
        return Queue;
    }

    private protected long Count(string what) => Counts.GetValueOrDefault(what);

    private protected Task AdvanceUntilAsync(string what, Func<bool> condition, TimeSpan? step = null) => Eventually.HoldsAsync(what, () =>
    {
        if (condition())
        {
            return Task.FromResult(true);
        }

        Clock.Advance(step ?? TimeSpan.FromSeconds(10));
        return Task.FromResult(false);
    }, TestEnd);

    private protected static ModelEvent Event() => new()
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
