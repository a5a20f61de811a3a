using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Calango.Tests.Support.Upstream;

/// <summary>Answers that come whole: bytes as they are, an error, a piece of JSON.</summary>
internal static class UpstreamAnswers
{
    public static async Task RawAsync(HttpContext context, UpstreamReply reply, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.RawContentType;
        var body = reply.RawBody!.Value;
        for (var i = 0; reply.SplitBytes && i < body.Length; i++)
        {
            await context.Response.Body.WriteAsync(body.Slice(i, 1), cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
        }

        if (!reply.SplitBytes)
        {
            await context.Response.Body.WriteAsync(body, cancellationToken);
        }

        if (reply.CutAfter is not null)
        {
            throw new ScriptedCutException();
        }
    }

    public static Task FailAsync(HttpContext context, UpstreamRequest request, UpstreamReply reply, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = reply.Status;
        if (reply.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return JsonAsync(context, request.IsMessages ? AnthropicForm.ErrorBody(reply) : UpstreamBodies.Error(reply), cancellationToken);
    }

    public static Task JsonAsync(HttpContext context, string body, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body, cancellationToken);
    }
}
