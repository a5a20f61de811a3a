using System.Globalization;
using System.Text;

namespace Calango.Web.Telemetry;

/// <summary>
/// Prometheus' text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): for each metric its help,
/// its type and its samples; of a histogram how many samples lie at or below each boundary, their sum and their count.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(Escape(family.Help)).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(' ').Append(NameOf(family.Kind)).Append('\n');
            foreach (var series in family.Series)
            {
                Write(text, family, series);
            }
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, MetricFamily family, MetricSeries series)
    {
        var (sum, buckets) = series.Read();
        if (family.Kind != MetricKind.Histogram)
        {
            WriteSample(text, family.Name, "", series, null, sum);
            return;
        }

        var count = 0L;
        for (var i = 0; i < buckets.Length; i++)
        {
            count += buckets[i];
            WriteSample(text, family.Name, "_bucket", series, i < family.Boundaries.Length ? family.Boundaries[i] : double.PositiveInfinity, count);
        }

        WriteSample(text, family.Name, "_sum", series, null, sum);
        WriteSample(text, family.Name, "_count", series, null, count);
    }

    private static void WriteSample(StringBuilder text, string name, string suffix, MetricSeries series, double? boundary, double value)
    {
        text.Append(name).Append(suffix);
        var separator = '{';
        foreach (var (label, content) in series.Labels)
        {
            Label(MetricNames.OfLabel(label), Escape(Convert.ToString(content, CultureInfo.InvariantCulture) ?? "").Replace("\"", "\\\"", StringComparison.Ordinal));
        }

        if (boundary is { } le)
        {
            Label("le", Number(le));
        }

        text.Append(separator == '{' ? "" : "}").Append(' ').Append(Number(value)).Append('\n');

        void Label(string key, string content)
        {
            text.Append(separator).Append(key).Append("=\"").Append(content).Append('"');
            separator = ',';
        }
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString(CultureInfo.InvariantCulture);

    private static string NameOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };
}
