using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Calango.Core.Telemetry;

/// <summary>
/// Where spans and measurements begin. Names follow the semantic conventions of OpenTelemetry
/// (opentelemetry.io/docs/specs/semconv) where those have one, and start with <c>calango.</c> where they don't. No text of
/// a message, no secret and no account may be in any of them.
/// </summary>
public static class Instrumentation
{
    /// <summary>The name of the source of spans, and of the meter that each server's <see cref="IMeterFactory"/> makes.</summary>
    public const string Name = "Calango";

    /// <summary>The attribute of what failed: a code of ours or a database's, no text.</summary>
    internal const string ErrorType = "error.type";

    internal static ActivitySource Source { get; } = new(Name);

    internal static Histogram<double> CreateHistogram(this Meter meter, string name, string unit, string description, IReadOnlyList<double> boundaries) =>
        meter.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}
