using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Calango.Core.Telemetry;

namespace Calango.Web.Telemetry;

/// <summary>
/// Sums up what the server measures, from its start on, for whoever scrapes it: all of our own instruments, and a few of
/// the runtime and the web server. A measurement costs a look-up; what has to be asked for is asked at a scrape. Thread-safe.
/// </summary>
internal sealed class Metrics : IDisposable
{
    private const string Runtime = "System.Runtime";

    private static readonly string[] Basics =
    [
        "dotnet.exceptions", "dotnet.gc.collections", "dotnet.gc.last_collection.heap.size", "dotnet.gc.pause.time", "dotnet.process.cpu.time",
        "dotnet.process.memory.working_set", "dotnet.thread_pool.queue.length", "kestrel.active_connections", "kestrel.rejected_connections",
    ];

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new();
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _meters;

    public Metrics(IMeterFactory meters)
    {
        _meters = meters;
        _listener.InstrumentPublished = Listen;
        _listener.SetMeasurementEventCallback<int>(static (_, value, labels, family) => ((MetricFamily)family!).Record(value, labels));
        _listener.SetMeasurementEventCallback<long>(static (_, value, labels, family) => ((MetricFamily)family!).Record(value, labels));
        _listener.SetMeasurementEventCallback<double>(static (_, value, labels, family) => ((MetricFamily)family!).Record(value, labels));
        _listener.Start();
    }

    /// <summary>All that was measured, by name.</summary>
    public IEnumerable<MetricFamily> Read()
    {
        _listener.RecordObservableInstruments();
        return _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal);
    }

    public void Dispose() => _listener.Dispose();

    private void Listen(Instrument instrument, MeterListener listener)
    {
        var meter = instrument.Meter;
        // A process may run several servers, each with its own meters; the runtime's are all of theirs.
        var ours = ReferenceEquals(meter.Scope, _meters) && (meter.Name == Instrumentation.Name || Basics.Contains(instrument.Name));
        if (ours || (meter.Name == Runtime && Basics.Contains(instrument.Name)))
        {
            listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument.Name, static (_, instrument) => new MetricFamily(instrument), instrument));
        }
    }
}
