using System.Text.Json;

namespace Calango.Plugins.LocalModels.Worker.OpenAi;

internal static class ErrorAnswer
{
    public static Task WriteAsync(HttpContext context, int status, string message, string code, string? field = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Text(status, message, code, field), context.RequestAborted);
    }

    public static string Text(int status, string message, string code, string? field = null) => JsonSerializer.Serialize(
        new ErrorBody(new Error(message, status < 500 ? "invalid_request_error" : "server_error", field, code)),
        WorkerJson.Default.ErrorBody);
}
