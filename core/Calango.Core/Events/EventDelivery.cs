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
    private FrozenDictionary<string, SinkQueue> _queues = FrozenDictionary<string, SinkQueue>.Empty;
    private Task _delivering = Task.CompletedTask;

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
        _queues = plugins.Sinks.ToFrozenDictionary(sink => sink.PluginId, sink => new SinkQueue(
            sink.PluginId, (events, token) => sinks.SendAsync(sink.PluginId, events, token), exception => sinks.Report(sink.PluginId, exception), telemetry, clock));
        _delivering = Task.WhenAll(_queues.Values.Select(queue => Task.Run(() => queue.RunAsync(_end.Token), CancellationToken.None)));
        sinks.Changed += WakeAll;
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        sinks.Changed -= WakeAll;
        foreach (var queue in _queues.Values)
        {
            queue.Complete();
        }

        await _delivering.WaitAsync(Grace, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _end.CancelAsync();
        await _delivering;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var queue in _queues.Values)
        {
            queue.Dispose();
        }

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
