using System.Diagnostics.Metrics;
using Calango.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Events;

/// <summary>What the ways to the sinks tell whoever watches over the server. Codes and counts; never a word of an event. Thread-safe.</summary>
internal sealed partial class SinkTelemetry
{
    private readonly ILogger _logger;
    private readonly UpDownCounter<long> _waiting;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _dropped;

    public SinkTelemetry(IMeterFactory meters, ILogger<SinkTelemetry> logger)
    {
        _logger = logger;
        var meter = meters.Create(Instrumentation.Name);
        _waiting = meter.CreateUpDownCounter<long>("calango.sink.waiting", "{event}", "Events that wait to be delivered to a sink.");
        _sent = meter.CreateCounter<long>("calango.sink.sent", "{event}", "Events that a sink has taken.");
        _dropped = meter.CreateCounter<long>("calango.sink.dropped", "{event}", "Events that were given up, by why.");
    }

    public void Waits(string sink, int count) => _waiting.Add(count, TagOf(sink));

    public void Sent(string sink, int count) => _sent.Add(count, TagOf(sink));

    public void Dropped(string sink, int count, string code) => _dropped.Add(count, TagOf(sink), new(Instrumentation.ErrorType, code));

    public void TellDropped(string sink, long count, string code) => LogDropped(_logger, count, sink, code);

    public void TellFailing(string sink, string code) => LogFailing(_logger, sink, code);

    private static KeyValuePair<string, object?> TagOf(string sink) => new("calango.sink", sink);

    [LoggerMessage(LogLevel.Warning, "{Count} events were not delivered to the sink {Sink} and are lost ({Code})")]
    private static partial void LogDropped(ILogger logger, long count, string sink, string code);

    [LoggerMessage(LogLevel.Warning, "Events cannot be delivered to the sink {Sink} now ({Code}); trying again")]
    private static partial void LogFailing(ILogger logger, string sink, string code);
}
