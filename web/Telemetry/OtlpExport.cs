using Calango.Core.Telemetry;
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
    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <summary>Whether the operator has named a collector.</summary>
    public static bool IsWanted(IConfiguration configuration) => configuration[OtlpVariables.Endpoint] is { Length: > 0 };

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
