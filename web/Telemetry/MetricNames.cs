using System.Diagnostics.Metrics;

namespace Calango.Web.Telemetry;

/// <summary>
/// The names of OpenTelemetry in Prometheus' spelling (opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics):
/// underscores for dots, the unit behind, and <c>_total</c> behind what is counted.
/// </summary>
internal static class MetricNames
{
    public static string Of(Instrument instrument, MetricKind kind) => OfLabel(instrument.Name) + SuffixOf(instrument.Unit) + (kind == MetricKind.Counter ? "_total" : "");

    public static string OfLabel(string name) => name.Replace('.', '_');

    // What stands in braces is a word for the reader and no unit.
    private static string SuffixOf(string? unit) => unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        "{token}/s" => "_per_second",
        _ => "",
    };
}
