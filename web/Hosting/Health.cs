using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Web.Hosting;

/// <summary>Two questions of whoever watches over the server: does it live, and can it work?</summary>
internal static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", (RequestDelegate)(context => context.Response.WriteAsync("live\n", context.RequestAborted)));
        app.MapGet("/health/ready", (RequestDelegate)AnswerReadyAsync);
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
                .ReadAsync(db => db.Database.ExecuteSqlRawAsync("SELECT 1", context.RequestAborted), context.RequestAborted);
            return true;
        }
        catch (DatabaseUnavailableException)
        {
            return false;
        }
    }
}
