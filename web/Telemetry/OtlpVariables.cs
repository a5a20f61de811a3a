using System.Globalization;
using Calango.Web.Hosting;

namespace Calango.Web.Telemetry;

/// <summary>
/// The standard variables by which an operator says how to export, and what each can be. The SDK takes its default for a
/// value that it does not understand and tells nobody: a wrong one is refused here instead.
/// </summary>
internal static class OtlpVariables
{
    /// <summary>Where the collector is. Nothing is exported without it.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string Start = "OTEL_EXPORTER_OTLP_";
    private static readonly string[] OfOneSignal = ["TRACES_", "METRICS_"];

    private static readonly Form Whole = new("a whole number", IsWhole);
    private static readonly Form Milliseconds = new("a whole number of milliseconds", IsWhole);
    private static readonly Form Pairs = new("a list such as name=value,other=value", text => Array.TrueForAll(text.Split(','), pair => pair.IndexOf('=', StringComparison.Ordinal) > 0));
    private static readonly Form ExistingFile = new("a file that is there", File.Exists);

    private static readonly Dictionary<string, Form> Known = new()
    {
        [Endpoint] = new("an address such as http://127.0.0.1:4317", text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"),
        [Start + "PROTOCOL"] = Form.OneOf("grpc", "http/protobuf"),
        [Start + "HEADERS"] = Pairs with { IsSecret = true },
        [Start + "TIMEOUT"] = Milliseconds,
        [Start + "COMPRESSION"] = Form.OneOf("none", "gzip"),
        [Start + "CERTIFICATE"] = ExistingFile,
        [Start + "CLIENT_CERTIFICATE"] = ExistingFile,
        [Start + "CLIENT_KEY"] = ExistingFile,
        [Start + "METRICS_TEMPORALITY_PREFERENCE"] = Form.OneOf("cumulative", "delta"),
        [Start + "METRICS_DEFAULT_HISTOGRAM_AGGREGATION"] = Form.OneOf("explicit_bucket_histogram", "base2_exponential_bucket_histogram"),
        ["OTEL_RESOURCE_ATTRIBUTES"] = Pairs,
        ["OTEL_SDK_DISABLED"] = Form.OneOf("true", "false"),
        ["OTEL_TRACES_SAMPLER"] = Form.OneOf("always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"),
        ["OTEL_TRACES_SAMPLER_ARG"] = new("a number from 0 to 1", text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1),
        ["OTEL_METRICS_EXEMPLAR_FILTER"] = Form.OneOf("always_on", "always_off", "trace_based"),
        ["OTEL_METRIC_EXPORT_INTERVAL"] = Milliseconds,
        ["OTEL_METRIC_EXPORT_TIMEOUT"] = Milliseconds,
        ["OTEL_BSP_SCHEDULE_DELAY"] = Milliseconds,
        ["OTEL_BSP_EXPORT_TIMEOUT"] = Milliseconds,
        ["OTEL_BSP_MAX_QUEUE_SIZE"] = Whole,
        ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"] = Whole,
        ["OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"] = Whole,
        ["OTEL_ATTRIBUTE_COUNT_LIMIT"] = Whole,
        ["OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT"] = Whole,
        ["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT"] = Whole,
        ["OTEL_SPAN_EVENT_COUNT_LIMIT"] = Whole,
        ["OTEL_SPAN_LINK_COUNT_LIMIT"] = Whole,
        ["OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT"] = Whole,
        ["OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"] = Whole,
    };

    /// <summary>Looks at what the environment says. An empty variable is as good as none.</summary>
    /// <exception cref="StartRefusedException">One says what it cannot, or what nobody reads.</exception>
    public static void Check(IConfiguration configuration)
    {
        foreach (var (name, form) in Known)
        {
            if (configuration[name] is { Length: > 0 } text && !form.Fits(text))
            {
                throw new StartRefusedException($"{name} {(form.IsSecret ? "has a value that cannot be used" : $"is '{Configuration.OneLine.Of(text)}'")}; it can be {form.Permitted}.");
            }
        }

        if (configuration[Endpoint] is { Length: > 0 } && OfOneSignal.SelectMany(signal => Names(signal)).FirstOrDefault(name => configuration[name] is { Length: > 0 }) is { } unread)
        {
            throw new StartRefusedException($"{unread} is not read: spans and metrics go to one collector, in one way. Name it without {OfOneSignal.First(unread.Contains)}.");
        }
    }

    private static IEnumerable<string> Names(string signal) => ((string[])["ENDPOINT", "PROTOCOL", "HEADERS", "TIMEOUT", "COMPRESSION"]).Select(end => Start + signal + end);

    private static bool IsWhole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private sealed record Form(string Permitted, Func<string, bool> Fits)
    {
        /// <summary>What it is must not be shown.</summary>
        public bool IsSecret { get; init; }

        public static Form OneOf(params string[] words) => new($"{string.Join(", ", words[..^1])} or {words[^1]}", words.Contains);
    }
}
