using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>
/// Reads the catalogs again once a day. By itself and not as a job of the schedule, which one of all replicas runs: the
/// catalogs belong to a data folder, and replicas may have folders of their own.
/// </summary>
internal sealed partial class CatalogRefresh(PluginCatalogs catalogs, TimeProvider clock, ILogger<CatalogRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Looks = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(AfterStart, clock, stoppingToken);
            while (true)
            {
                await TryAsync(stoppingToken);
                await Task.Delay(Looks, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await catalogs.RefreshDueAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(logger, exception.GetType().Name, exception.StackTrace);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The catalogs of plugins could not be read again ({ExceptionType} at {StackTrace}); trying again in an hour")]
    private static partial void LogFailed(ILogger logger, string exceptionType, string? stackTrace);
}
