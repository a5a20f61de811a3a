using System.Globalization;
using Calango.Core.Errors;
using Calango.Core.Files;
using Calango.Web.Hosting;

namespace Calango.Web.Streams;

/// <summary>Streams how a move of files goes to a page: each time the whole of it again, until it has ended. Thread-safe.</summary>
internal sealed class MoveEvents(Storage storage, PartialRenderer partials, StreamLimits limits)
{
    public async Task ServeAsync(HttpContext context)
    {
        var id = Guid.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        _ = await storage.FindMoveAsync(id, context.RequestAborted) ?? throw new NotFoundException();
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var events = new SseWriter(context.Response.BodyWriter);
        using var limit = limits.Of(context);
        try
        {
            await foreach (var move in storage.FollowAsync(id, limit.Token))
            {
                events.Begin("move"u8);
                events.Data(await partials.RenderAsync(context, "/Pages/Admin/Storage/_Move.cshtml", move));
                events.End();
                await events.FlushAsync(limit.Token);
            }

            events.Begin("end"u8);
            events.Data("");
            events.End();
            await events.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.Token.IsCancellationRequested)
        {
            // The reader has gone or signed out, or the server goes: a page that is still there comes back and sees how it stands.
        }
    }
}
