using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Web.Hosting;

/// <summary>Two questions of whoever watches over the server: does it live, and can it work?</summary>
internal static class Health
{
    // Whoever asks waits for a second or two, and a database that takes longer is none to send people to.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", (RequestDelegate)(context => context.Response.WriteAsync("live\n", context.RequestAborted))).AllowAnonymous();
        app.MapGet("/health/ready", (RequestDelegate)AnswerReadyAsync).AllowAnonymous();
    }

    private static async Task AnswerReadyAsync(HttpContext context)
    {
        var ready = !context.RequestServices.GetRequiredService<Drain>().Begun && await HasDatabaseAsync(context);
        context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsync(ready ? "ready\n" : "not ready\n", context.RequestAborted);
    }

    private static async Task<bool> HasDatabaseAsync(HttpContext context)
    {
        try
        {
            await context.RequestServices.GetRequiredService<Database>()
                .ReadAsync(db => db.Database.ExecuteSqlRawAsync("SELECT 1", CancellationToken.None), CancellationToken.None)
                .WaitAsync(LongestLook, context.RequestAborted);
            return true;
        }
        catch (Exception exception) when (exception is DatabaseUnavailableException or TimeoutException)
        {
            return false;
        }
    }
}
