using System.Globalization;
using Calango.Web.Api;
using Calango.Web.Htmx;

namespace Calango.Web.Hosting;

/// <summary>Turns every failure into something a reader understands: a page, a fragment for a page, or problem+json.</summary>
internal sealed partial class ErrorPages(RequestDelegate next, Drain drain, PartialRenderer partials, ILogger<ErrorPages> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            if (drain.Begun && !context.Request.Path.StartsWithSegments("/health"))
            {
                await WriteAsync(context, Fault.OfStatus(StatusCodes.Status503ServiceUnavailable));
                return;
            }

            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
            {
                await WriteAsync(context, Fault.OfStatus(context.Response.StatusCode));
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader has gone; there is nobody to tell.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var fault = Fault.Of(exception);
            if (fault.IsUnexpected)
            {
                LogUnexpected(exception, context.TraceIdentifier);
            }

            ClearBody(context.Response);
            await WriteAsync(context, fault);
        }
    }

    private static void ClearBody(HttpResponse response)
    {
        response.Headers.ContentLength = null;
        response.Headers.ContentType = default;
        response.Headers.Location = default;
    }

    private async Task WriteAsync(HttpContext context, Fault fault)
    {
        // The framework adds the path to each line: one that leads nowhere may be anything that somebody typed.
        if (fault is { IsUnexpected: false, Status: not StatusCodes.Status404NotFound })
        {
            LogFault(context.TraceIdentifier, context.Request.Method, fault.Status, fault.Code);
        }

        context.Response.StatusCode = fault.Status;
        if (fault.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        if (ApiRoutes.Has(context.Request.Path))
        {
            await ApiErrors.WriteAsync(context, fault);
        }
        else if (WantsJson(context.Request))
        {
            await ApiErrors.WriteProblemAsync(context, fault);
        }
        else
        {
            var view = context.Request.IsHtmx() ? "/Pages/Shared/_Toast.cshtml" : "/Pages/Shared/Error.cshtml";
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(await partials.RenderAsync(context, view, fault), context.RequestAborted);
        }
    }

    private static bool WantsJson(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    [LoggerMessage(LogLevel.Information, "Request {RequestId} ({Method}) was answered {Status}: {Code}.")]
    private partial void LogFault(string requestId, string method, int status, string code);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed unexpectedly.")]
    private partial void LogUnexpected(Exception exception, string requestId);
}
