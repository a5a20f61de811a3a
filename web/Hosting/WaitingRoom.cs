using Calango.Core.Data;
using Calango.Core.Localization;

namespace Calango.Web.Hosting;

/// <summary>
/// Stands where the server will be while its database is brought up to date, where that takes longer than a moment, or
/// PostgreSQL cannot be reached: alive, not ready, and it asks everybody to come back. The server itself never runs on a
/// database that is not up to date.
/// </summary>
internal sealed partial class WaitingRoom(DatabaseUpgrade upgrade, Locales locales, HostSettings settings, ILogger<WaitingRoom> logger)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private const string ComeBackIn = "5";
    private string? reason;

    /// <summary>Returns once the database is up to date.</summary>
    /// <exception cref="DatabaseUnavailableException">It is a file of this machine: waiting would not help.</exception>
    public async Task WaitForDatabaseAsync(CancellationToken cancellationToken)
    {
        var upgrading = TryUpgradeAsync(cancellationToken);
        if (await Task.WhenAny(upgrading, Task.Delay(Moment, cancellationToken)) == upgrading && await upgrading)
        {
            return;
        }

        await using var room = Build();
        await room.StartAsync(cancellationToken);
        while (!await upgrading)
        {
            await Task.Delay(Pause, cancellationToken);
            upgrading = TryUpgradeAsync(cancellationToken);
        }

        await room.StopAsync(cancellationToken);
        LogIsThere(logger);
    }

    private async Task<bool> TryUpgradeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await upgrade.RunAsync(cancellationToken);
            return true;
        }
        catch (DatabaseUnavailableException unavailable) when (!settings.Core.Database.IsSqlite)
        {
            // Tried every two seconds: a line for each reason, not for each try.
            if (unavailable.Reason != reason)
            {
                reason = unavailable.Reason;
                LogWaits(logger, reason);
            }

            return false;
        }
    }

    private WebApplication Build()
    {
        // The folder it was started in may be the whole disk, which the builder would watch.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(settings);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls([.. settings.Urls.Select(url => url.GetLeftPart(UriPartial.Authority))]);
        var room = builder.Build();
        room.UseMiddleware<HostGuard>();
        room.Run(AnswerAsync);
        return room;
    }

    private Task AnswerAsync(HttpContext context)
    {
        var lives = context.Request.Path == "/health/live";
        context.Response.StatusCode = lives ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        if (lives)
        {
            return context.Response.WriteAsync("live\n", context.RequestAborted);
        }

        context.Response.Headers.RetryAfter = ComeBackIn;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            // Browsers heed it: whoever waits need not press anything.
            context.Response.Headers["Refresh"] = ComeBackIn;
        }

        var sentence = context.Request.Path == "/health/ready" ? "not ready" : locales.Text(locales.Best(context.Request.Headers.AcceptLanguage), "error.database.unavailable");
        return context.Response.WriteAsync(sentence + "\n", context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Warning, "The database cannot be reached ({Reason}). Until it can, the server answers 503 and tries again.")]
    private static partial void LogWaits(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "The database is there; the server starts.")]
    private static partial void LogIsThere(ILogger logger);
}
