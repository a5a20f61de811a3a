using System.Globalization;

namespace Calango.Web.Tests.Telemetry;

/// <summary>What /metrics answered.</summary>
internal sealed record MetricsPage(string Text)
{
    /// <summary>The sample of a name with exactly these labels, each as <c>name=value</c>.</summary>
    public double Value(string name, params string[] labels) =>
        Values(labels.Length == 0 ? $"{name} " : $"{name}{{{string.Join(',', labels.Select(label => label.Replace("=", "=\"", StringComparison.Ordinal) + '"'))}}} ").Single();

    /// <summary>All samples of a name together, whatever their labels.</summary>
    public double Sum(string name) => Values($"{name}{{").Concat(Values($"{name} ")).Sum();

    private IEnumerable<double> Values(string start) =>
        from line in Text.Split('\n')
        where line.StartsWith(start, StringComparison.Ordinal)
        select double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
}
