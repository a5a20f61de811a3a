namespace Calango.Web.Telemetry;

/// <summary>Wires what the server tells whoever watches over it.</summary>
internal static class TelemetrySetup
{
    /// <exception cref="Hosting.StartRefusedException">A variable of the export is wrong.</exception>
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Metrics>();
        OtlpVariables.Check(configuration);
        if (OtlpExport.IsWanted(configuration))
        {
            services.AddHostedService<OtlpExport>();
        }
    }

    /// <summary>Begins to measure, and shows it at <c>/metrics</c>.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        var metrics = app.Services.GetRequiredService<Metrics>();
        app.MapGet("/metrics", (RequestDelegate)(context =>
        {
            context.Response.ContentType = PrometheusText.ContentType;
            return context.Response.WriteAsync(PrometheusText.Write(metrics.Read()), context.RequestAborted);
        }));
    }
}
