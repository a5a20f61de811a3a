using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Calango.Tests.Fixtures;

/// <summary>Takes what a server exports over OTLP as HTTP and protobuf, and keeps it. Thread-safe.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();

    private OtlpCollector(WebApplication server)
    {
        _server = server;
        _server.Run(TakeAsync);
    }

    /// <summary>What the environment of a server says that is to export to it, without much waiting.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("OTEL_EXPORTER_OTLP_ENDPOINT", _server.Urls.First()),
        new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        new("OTEL_BSP_SCHEDULE_DELAY", "100"),
        new("OTEL_METRIC_EXPORT_INTERVAL", "200"),
    ];

    /// <summary>Starts one on a port of 127.0.0.1.</summary>
    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var collector = new OtlpCollector(server);
        await server.StartAsync();
        return collector;
    }

    /// <summary>All that came to a path, one character for each byte: protobuf leaves texts as they are.</summary>
    public string Received(string path) => string.Concat(_received.Where(payload => payload.Path == path).Select(payload => payload.Body));

    /// <summary>Waits until something that came to a path names this.</summary>
    public Task WaitForAsync(string path, string text, CancellationToken cancellationToken) =>
        Eventually.HoldsAsync($"{path} got {text}", () => Task.FromResult(Received(path).Contains(text, StringComparison.Ordinal)), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
        context.Response.ContentType = "application/x-protobuf";
    }
}
