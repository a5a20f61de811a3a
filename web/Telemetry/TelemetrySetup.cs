using System.Security.Cryptography;
using System.Text;
using Calango.Core.Errors;
using Calango.Web.Hosting;

namespace Calango.Web.Telemetry;

/// <summary>Wires what the server tells whoever watches over it.</summary>
internal static class TelemetrySetup
{
    /// <exception cref="StartRefusedException">A variable of the export is wrong.</exception>
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Metrics>();
        OtlpVariables.Check(configuration);
        if (OtlpExport.IsWanted(configuration))
        {
            services.AddHostedService<OtlpExport>();
        }
    }

    /// <summary>Begins to measure, and shows it at <c>/metrics</c>: on a laptop to whoever asks, on a server to whoever has the token.</summary>
    public static void MapMetrics(this WebApplication app, HostSettings settings)
    {
        var metrics = app.Services.GetRequiredService<Metrics>();
        app.MapGet("/metrics", (RequestDelegate)(context =>
        {
            if (settings.Mode == HostMode.Server && !Has(settings.MetricsToken, context.Request.Headers.Authorization.ToString()))
            {
                throw new NotFoundException();
            }

            context.Response.ContentType = PrometheusText.ContentType;
            return context.Response.WriteAsync(PrometheusText.Write(metrics.Read()), context.RequestAborted);
        })).AllowAnonymous();
    }

    private static bool Has(string? token, string authorization) =>
        token is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes($"Bearer {token}"), Encoding.UTF8.GetBytes(authorization));
}
