using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Calango.Plugins.Tests.LocalModels;

// A package registry that serves what it is given, with ranges, and misbehaves on request.
internal sealed class ScriptedRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedRegistry(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    // Path and first byte of each request, in order.
    public ConcurrentQueue<(string Path, long From)> Requests { get; } = new();

    // The next answer ends after so many bytes of the body.
    public int? CutAfter { get; set; }

    // Answers stand still after so many bytes until the caller is gone.
    public int? HangAfter { get; set; }

    public bool IgnoresRanges { get; set; }

    public static async Task<ScriptedRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var registry = new ScriptedRegistry(app);
        app.Run(registry.AnswerAsync);
        await app.StartAsync();
        return registry;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var from = IgnoresRanges ? 0 : FirstByte(context.Request.Headers.Range.ToString());
        Requests.Enqueue((path, from));
        if (!Files.TryGetValue(path, out var file))
        {
            context.Response.StatusCode = 404;
            return;
        }

        if (from > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{file.Length - 1}/{file.Length}";
        }

        context.Response.ContentLength = file.Length - from;
        var limit = CutAfter ?? HangAfter ?? file.Length;
        await context.Response.Body.WriteAsync(file.AsMemory((int)from, (int)Math.Min(limit, file.Length - from)));
        await context.Response.Body.FlushAsync();
        if (CutAfter is not null)
        {
            // Less than was announced: the server closes the connection, after what was written.
            CutAfter = null;
        }
        else if (HangAfter < file.Length - from)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private static long FirstByte(string range) =>
        range.StartsWith("bytes=", StringComparison.Ordinal) ? long.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
}
