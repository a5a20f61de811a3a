using System.Collections.Concurrent;
using System.Collections.Frozen;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Events;

/// <summary>Delivers what happened to the sinks that are on, in the background: nothing that a sink does reaches who published it. Thread-safe.</summary>
internal sealed partial class EventDelivery(PluginHost plugins, EventSinks sinks, SinkTelemetry telemetry, TimeProvider clock, ILogger<EventDelivery> logger)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    // What the turns leave of the host's own limit must suffice.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Task, bool> _delivering = new();
    private readonly Lock _lock = new();
    private volatile FrozenDictionary<string, SinkQueue> _queues = FrozenDictionary<string, SinkQueue>.Empty;
    private IReadOnlyList<SinkInfo> _followed = [];
    private bool _isStopping;

    /// <summary>Takes an event. Returns at once.</summary>
    /// <param name="one">Without its text.</param>
    /// <param name="text">What was said; only asked for where a sink may see it.</param>
    public void Publish(ModelEvent one, Func<ModelEventText> text)
    {
        ModelEvent? whole = null;
        foreach (var (pluginId, queue) in _queues)
        {
            if (sinks.SettingsOf(pluginId) is { IsOn: true } settings)
            {
                queue.Add(settings.SeesText ? whole ??= one with { Text = text() } : one);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryRefreshAsync(cancellationToken);
        Follow();
        plugins.Changed += Follow;
        sinks.Changed += WakeAll;
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        sinks.Changed -= WakeAll;
        plugins.Changed -= Follow;
        lock (_lock)
        {
            _isStopping = true;
        }

        foreach (var queue in _queues.Values)
        {
            queue.Complete();
        }

        var delivering = Task.WhenAll(_delivering.Keys);
        await delivering.WaitAsync(Grace, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _end.CancelAsync();
        await delivering;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _end.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Another replica may have changed the settings.
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryRefreshAsync(stoppingToken);
        }
    }

    // A database that goes away, in the middle of the start too, must not end the server.
    private async Task TryRefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await sinks.RefreshAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRead(logger, exception.GetType().Name);
        }
    }

    // A plugin that is replaced keeps its queue. What waits for one that was taken away is tried once more, and given up.
    private void Follow()
    {
        lock (_lock)
        {
            var now = plugins.Sinks;
            if (_isStopping || ReferenceEquals(now, _followed))
            {
                return;
            }

            var before = _queues;
            _queues = now.ToFrozenDictionary(sink => sink.PluginId, sink => before.GetValueOrDefault(sink.PluginId) ?? Open(sink.PluginId));
            foreach (var gone in before.Values.Except(_queues.Values))
            {
                gone.Complete();
            }

            _followed = now;
        }

        WakeAll();
    }

    private SinkQueue Open(string pluginId)
    {
        var queue = new SinkQueue(
            pluginId, (events, token) => sinks.SendAsync(pluginId, events, token), exception => sinks.Report(pluginId, exception), telemetry, clock);
        var delivering = Task.Run(() => DeliverAsync(queue), CancellationToken.None);
        _delivering[delivering] = true;
        _ = delivering.ContinueWith(ended => _delivering.TryRemove(ended, out _), TaskScheduler.Default);
        return queue;
    }

    private async Task DeliverAsync(SinkQueue queue)
    {
        using (queue)
        {
            await queue.RunAsync(_end.Token);
        }
    }

    private void WakeAll()
    {
        foreach (var queue in _queues.Values)
        {
            queue.Wake();
        }
    }

    [LoggerMessage(LogLevel.Debug, "The settings of sinks could not be read ({ExceptionType}); the last ones stay in force")]
    private static partial void LogNotRead(ILogger logger, string exceptionType);
}
