using System.Globalization;
using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Web.Hosting;

namespace Calango.Web.Streams;

/// <summary>Streams what is done with a plugin to a page: after each step the whole of it again, until nothing more will come. Thread-safe.</summary>
internal sealed class PluginOperationEvents(PluginInstaller installer, PartialRenderer partials, StreamLimits limits)
{
    public async Task ServeAsync(HttpContext context)
    {
        var id = Guid.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        _ = installer.Find(id) ?? throw new NotFoundException();
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var events = new SseWriter(context.Response.BodyWriter);
        using var limit = limits.Of(context);
        try
        {
            await foreach (var operation in installer.FollowAsync(id, limit.Token))
            {
                events.Begin("operation"u8);
                events.Data(await partials.RenderAsync(context, "/Pages/Admin/Plugins/_Operation.cshtml", operation));
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
