using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Calango.Tests.Fixtures;

/// <summary>Takes what a server exports over OTLP as HTTP, in protobuf or JSON, and Langfuse's scores, and keeps it. Thread-safe.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();
    private readonly ConcurrentQueue<OtlpSpan> _spans = new();
    private int _requests;

    private OtlpCollector(WebApplication server)
    {
        _server = server;
        _server.Run(TakeAsync);
    }

    /// <summary>Where it is.</summary>
    public Uri Address => new(_server.Urls.First());

    /// <summary>The user and password that it asks for; null: none.</summary>
    public (string User, string Password)? Credentials { get; set; }

    /// <summary>How it answers; null: it takes what comes.</summary>
    public OtlpAnswer? Answer { get; set; }

    /// <summary>How many requests came, taken or not.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The spans that came as JSON and were taken, each as often as it came.</summary>
    public IReadOnlyCollection<OtlpSpan> Spans => _spans;

    /// <summary>What the environment of a server says that is to export to it, without much waiting.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("OTEL_EXPORTER_OTLP_ENDPOINT", _server.Urls.First()),
        new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        new("OTEL_BSP_SCHEDULE_DELAY", "100"),
        new("OTEL_METRIC_EXPORT_INTERVAL", "200"),
    ];

    /// <summary>Starts one on a port of 127.0.0.1.</summary>
    /// <param name="port">Which; 0: any that is free.</param>
    public static async Task<OtlpCollector> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var server = builder.Build();
        var collector = new OtlpCollector(server);
        await server.StartAsync();
        return collector;
    }

    /// <summary>All that came to a path, of scores to a method and a path, one character for each byte of protobuf, which leaves texts as they are.</summary>
    public string Received(string path) => string.Concat(_received.Where(payload => payload.Path == path).Select(payload => payload.Body));

    /// <summary>Waits until something that came to a path names this.</summary>
    public Task WaitForAsync(string path, string text, CancellationToken cancellationToken) =>
        Eventually.HoldsAsync($"{path} got {text}", () => Task.FromResult(Received(path).Contains(text, StringComparison.Ordinal)), cancellationToken);

    /// <summary>Waits until this many spans have come as JSON; those that came twice count once.</summary>
    public async Task<IReadOnlyList<OtlpSpan>> WaitForSpansAsync(int count, CancellationToken cancellationToken)
    {
        IReadOnlyList<OtlpSpan> spans = [];
        await Eventually.HoldsAsync($"{count} spans came", () => Task.FromResult((spans = [.. _spans.DistinctBy(span => span.SpanId)]).Count >= count), cancellationToken);
        return spans;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (Credentials is { } wanted && context.Request.Headers.Authorization != $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{wanted.User}:{wanted.Password}"))}")
        {
            await SayAsync(context, new OtlpAnswer(401, """{"message":"Invalid credentials.","error":"UnauthorizedError"}"""));
        }
        else if (Answer is { } answer)
        {
            await SayAsync(context, answer);
        }
        else
        {
            await AcceptAsync(context, body.ToArray());
        }
    }

    private async Task AcceptAsync(HttpContext context, byte[] body)
    {
        if (context.Request.Path.StartsWithSegments("/api/public/scores", StringComparison.Ordinal))
        {
            _received.Enqueue(($"{context.Request.Method} {context.Request.Path}", $"{Encoding.UTF8.GetString(body)}\n"));
            await SayAsync(context, new OtlpAnswer(200, """{"id":"taken"}"""));
            return;
        }

        if (!context.Request.HasJsonContentType())
        {
            _received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body)));
            context.Response.ContentType = "application/x-protobuf";
            return;
        }

        IReadOnlyList<OtlpSpan> spans;
        try
        {
            spans = OtlpSpan.Read(body);
        }
        catch (Exception wrong)
        {
            await SayAsync(context, new OtlpAnswer(400, $$"""{"error":"{{wrong.GetType().Name}}"}"""));
            return;
        }

        _received.Enqueue((context.Request.Path, Encoding.UTF8.GetString(body)));
        foreach (var span in spans)
        {
            _spans.Enqueue(span);
        }

        await SayAsync(context, new OtlpAnswer(200, "{}"));
    }

    private static async Task SayAsync(HttpContext context, OtlpAnswer answer)
    {
        await answer.Held.WaitAsync(context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        if (answer.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds;
        }

        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}

/// <summary>What a collector says in place of taking something.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="RetryAfter">The header of this name.</param>
public sealed record OtlpAnswer(int Status, string Body, string ContentType = "application/json", string? RetryAfter = null)
{
    /// <summary>It is said when this has ended.</summary>
    public Task Held { get; init; } = Task.CompletedTask;
}
