namespace Calango.Web.Hosting;

/// <summary>
/// Answers only under the names this machine gives itself, and under the server's public one. A stranger's page can point its own
/// name at 127.0.0.1 and would then be same-origin with us (DNS rebinding); its Host header still names the stranger. What comes
/// under the public name came over its scheme: the proxy before the server has seen to that.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, HostSettings settings)
{
    private const int DefaultPort = 80;

    public Task InvokeAsync(HttpContext context)
    {
        if (settings.PublicUrl is { } url && IsOf(url, context.Request.Host))
        {
            context.Request.Scheme = url.Scheme;
            return next(context);
        }

        if (IsOurs(context.Request.Host, context.Connection.LocalPort))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"Calango answers at {settings.PublicUrl?.Authority ?? "127.0.0.1, localhost and [::1]"} only.\n", context.RequestAborted);
    }

    private static bool IsOf(Uri url, HostString host) =>
        url.Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase) && (host.Port is { } port ? port == url.Port : url.IsDefaultPort);

    private static bool IsOurs(HostString host, int port) =>
        host.Host is "127.0.0.1" or "localhost" or "[::1]" && (host.Port ?? DefaultPort) == port;
}
