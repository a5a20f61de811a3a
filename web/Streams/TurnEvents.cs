using System.Globalization;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Web.Hosting;
using Calango.Web.Pages.Chat;
using Calango.Web.Text;

namespace Calango.Web.Streams;

/// <summary>
/// Streams a running turn to a page, from any place in its log. <c>?after=N</c> is where the page was rendered and
/// Last-Event-ID where a broken stream was: the greater counts. An ended turn answers 204, which tells EventSource to
/// stop. Thread-safe.
/// </summary>
internal sealed class TurnEvents(Turns turns, ChatViews views, AnswerRenderers renderers, PartialRenderer partials, StreamLimits limits)
{
    public async Task ServeAsync(HttpContext context)
    {
        var viewer = context.RequestServices.GetRequiredService<Viewer>();
        var id = Guid.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        if (turns.Live(viewer.AccountId, id) is not { } turn)
        {
            _ = await turns.FindAsync(viewer.AccountId, id, context.RequestAborted) ?? throw new NotFoundException();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var stream = new TurnEventStream(
            turn.Log, After(context.Request), renderers.For(viewer.Language), AnswerRenderers.IdPrefix(id), turn.MayCite,
            context.RequestServices.GetRequiredService<PageText>(), new SseWriter(context.Response.BodyWriter))
        {
            RenderUse = use => partials.RenderAsync(context, "/Pages/Chat/_ToolUse.cshtml", use),
            RenderAsks = asks => partials.RenderAsync(context, "/Pages/Chat/_ToolAsks.cshtml", asks),
        };
        using var limit = limits.Of(context);
        try
        {
            await stream.RunAsync(() => RenderEndAsync(context, viewer, turn), limit.Token);
        }
        catch (OperationCanceledException) when (limit.Token.IsCancellationRequested)
        {
            // The reader has gone or signed out, or the server goes: a page that is still there comes back and resumes.
        }
        catch (DatabaseUnavailableException)
        {
            // It went away between the end and its last event: the page comes back and asks for the answer anew.
        }
    }

    private static long After(HttpRequest request) => Math.Max(Number(request.Query["after"]), Number(request.Headers["Last-Event-ID"]));

    private static long Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private async Task<string> RenderEndAsync(HttpContext context, Viewer viewer, LiveTurn turn) =>
        await views.EndAsync(viewer.AccountId, turn.ConversationId, turn.Id, context.RequestAborted) is { } end
            ? await partials.RenderAsync(context, "/Pages/Chat/_TurnEnd.cshtml", end with { Answer = end.Answer with { IsShown = true } })
            : "";
}
