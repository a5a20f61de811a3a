using Calango.Core.Telemetry;
using Calango.Web.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Calango.Web.Telemetry;

/// <summary>
/// Sends our spans and measurements to an OpenTelemetry collector. How is said by the standard variables, which the SDK
/// reads itself (opentelemetry.io/docs/specs/otel/protocol/exporter). Only what is ours is sent: a span of the web server
/// would carry the address of a page, and with it what people search for.
/// </summary>
internal sealed class OtlpExport(IConfiguration configuration) : IHostedService
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <summary>Whether the operator has named a collector.</summary>
    /// <exception cref="StartRefusedException">What is named is no address: the SDK would send to one of its own choice.</exception>
    public static bool IsWanted(IConfiguration configuration) => configuration[Endpoint] switch
    {
        null or "" => false,
        var address when Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" => true,
        _ => throw new StartRefusedException($"{Endpoint} is no address; one looks like http://127.0.0.1:4317."),
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The environment after our own name: what it says counts.
        var resource = ResourceBuilder.CreateEmpty()
            .AddService("calango", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3))
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
        _traces = OpenTelemetry.Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(resource)
            .AddSource(Instrumentation.Name)
            .AddOtlpExporter()
            .Build();
        _metrics = OpenTelemetry.Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(resource)
            .AddMeter(Instrumentation.Name)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Sends what is left. Registered first, so it stops last: after the last turn has ended.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            _traces?.Dispose();
            _metrics?.Dispose();
        },
        CancellationToken.None);
}
