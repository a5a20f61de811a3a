using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Tests.Support.Upstream;

/// <summary>
/// A model service that does what a test tells it, over real sockets on loopback. A chat request is answered by the next
/// of the enqueued replies, else by <see cref="Default"/>; then its model name and a marker in its last user message
/// change that reply. Thread-safe.
/// </summary>
public sealed class ScriptedUpstream : IAsyncDisposable
{
    private const int RequestsKept = 1000;

    private readonly WebApplication _server;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<UpstreamReply> _replies = new();
    private readonly ConcurrentQueue<UpstreamRequest> _requests = new();
    private readonly Channel<UpstreamRequest> _arrivals = Channel.CreateBounded<UpstreamRequest>(
        new BoundedChannelOptions(RequestsKept) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly ConcurrentDictionary<string, int> _failuresGiven = new();
    private readonly ConcurrentDictionary<string, UpstreamReply> _answers = new();
    private TaskCompletionSource _released = NewSource();
    private long _received;
    private long _active;
    private long _peak;
    private long _tokens;
    private long _disconnected;

    private ScriptedUpstream(WebApplication server) => _server = server;

    /// <summary>The base address, ending in <c>/v1</c>.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/v1");

    /// <summary>The reply when none is enqueued.</summary>
    public UpstreamReply Default { get; set; } = new();

    /// <summary>The model ids listed.</summary>
    public IReadOnlyList<string> Models { get; set; } = ["fake"];

    /// <summary>The key without which everything is answered 401; null asks for none.</summary>
    public string? Key { get; set; }

    /// <summary>Chat requests so far, oldest first; the last thousand.</summary>
    public IReadOnlyList<UpstreamRequest> Requests => [.. _requests.Where(request => request.Path.EndsWith("/chat/completions", StringComparison.Ordinal))];

    /// <summary>All requests so far, model lists and unknown paths too.</summary>
    public IReadOnlyList<UpstreamRequest> AllRequests => [.. _requests];

    /// <summary>Counters since the start.</summary>
    public UpstreamStats Stats => new(
        Volatile.Read(ref _received), Volatile.Read(ref _active), Volatile.Read(ref _peak),
        Volatile.Read(ref _tokens), Volatile.Read(ref _disconnected));

    internal Task Released => Volatile.Read(ref _released).Task;

    /// <summary>Starts one on a port of 127.0.0.1; 0 takes a free one.</summary>
    public static async Task<ScriptedUpstream> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        var server = builder.Build();
        var upstream = new ScriptedUpstream(server);
        server.Run(upstream.HandleAsync);
        await server.StartAsync();
        var bound = server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        upstream.Address = new Uri($"{bound}/v1");
        return upstream;
    }

    /// <summary>Answers the next chat request with this; several are answered in order.</summary>
    public void Enqueue(params ReadOnlySpan<UpstreamReply> replies)
    {
        foreach (var reply in replies)
        {
            _replies.Enqueue(reply);
        }
    }

    /// <summary>Answers every request for this path, e.g. <c>/props</c>, with this body and status; wins over everything else.</summary>
    public void Answer(string path, string body, string contentType = "application/json", int status = 200) =>
        _answers[path] = new UpstreamReply { RawBody = Encoding.UTF8.GetBytes(body), RawContentType = contentType, Status = status };

    /// <summary>The next chat request not yet taken by this method, waiting for it if need be.</summary>
    public ValueTask<UpstreamRequest> NextRequestAsync(CancellationToken cancellationToken = default) => _arrivals.Reader.ReadAsync(cancellationToken);

    /// <summary>Lets every reply go on that waits at its hold now.</summary>
    public void Release() => Interlocked.Exchange(ref _released, NewSource()).TrySetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _server.DisposeAsync();
        _stopping.Dispose();
    }

    internal static string ErrorBody(UpstreamReply reply) =>
        JsonSerializer.Serialize(new { error = new { message = reply.ErrorMessage, type = "scripted", code = reply.ErrorCode } });

    internal static string UsageBody(UpstreamReply reply) =>
        $$$"""{"prompt_tokens":7,"completion_tokens":{{{reply.Tokens}}},"total_tokens":{{{reply.Tokens + 7}}},"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":{{{reply.Reasoning}}}}}""";

    internal void CountTokens(int count) => Interlocked.Add(ref _tokens, count);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task HandleAsync(HttpContext context)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        var request = await RecordAsync(context, linked.Token);
        await using var abort = context.RequestAborted.UnsafeRegister(static state => ((UpstreamRequest)state!).MarkDisconnected(), request);
        try
        {
            await RouteAsync(context, request, linked.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            Interlocked.Increment(ref _disconnected);
            context.Abort();
        }
        finally
        {
            request.MarkEnded();
        }
    }

    private async Task<UpstreamRequest> RecordAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        var request = new UpstreamRequest(
            context.Request.Path.Value ?? "/",
            context.Request.QueryString.Value ?? "",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.Length > 0 ? JsonElement.Parse(body.GetBuffer().AsSpan(0, (int)body.Length)) : default);
        _requests.Enqueue(request);
        while (_requests.Count > RequestsKept)
        {
            _requests.TryDequeue(out _);
        }

        return request;
    }

    private Task RouteAsync(HttpContext context, UpstreamRequest request, CancellationToken cancellationToken)
    {
        if (_answers.TryGetValue(request.Path, out var answer))
        {
            return RawAsync(context, answer, cancellationToken);
        }

        if (Key is not null && context.Request.Headers.Authorization != $"Bearer {Key}" && !request.Path.StartsWith("/__", StringComparison.Ordinal))
        {
            var refused = new UpstreamReply { Status = 401, ErrorCode = "invalid_api_key", ErrorMessage = "Incorrect API key provided." };
            return FailAsync(context, refused, cancellationToken);
        }

        return (context.Request.Method, request.Path) switch
        {
            ("GET", "/v1/models") => JsonAsync(context, ModelsBody(), cancellationToken),
            ("POST", "/v1/chat/completions") => ChatAsync(context, request, cancellationToken),
            ("POST", "/v1/embeddings") => JsonAsync(context, EmbeddingsBody(request.Body), cancellationToken),
            ("GET", "/__stats") => JsonAsync(context, JsonSerializer.Serialize(Stats, JsonSerializerOptions.Web), cancellationToken),
            ("POST", "/__release") => ReleaseAsync(context),
            ("POST", "/__config") => ConfigureAsync(context, request.Body),
            _ => FailAsync(context, new UpstreamReply { Status = 404, ErrorMessage = "unknown path" }, cancellationToken),
        };
    }

    private async Task ChatAsync(HttpContext context, UpstreamRequest request, CancellationToken cancellationToken)
    {
        var reply = ReplyTo(request);
        Interlocked.Increment(ref _received);
        Enter();
        _arrivals.Writer.TryWrite(request);
        try
        {
            if (reply.Hang == UpstreamHang.BeforeHeaders)
            {
                request.MarkHeld();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            await (reply switch
            {
                { RawBody: not null } => RawAsync(context, reply, cancellationToken),
                { Status: not 200 } when FailsNow(reply, request) => FailAsync(context, reply, cancellationToken),
                _ when request.Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True =>
                    ReplyWriter.PlayAsync(context, request, reply, this, cancellationToken),
                _ => JsonAsync(context, CompletionBody(request, reply), cancellationToken),
            });
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    private UpstreamReply ReplyTo(UpstreamRequest request) =>
        (_replies.TryDequeue(out var enqueued) ? enqueued : Default).SteeredByModel(request.Model).SteeredByMessage(request.LastUserText);

    private bool FailsNow(UpstreamReply reply, UpstreamRequest request) =>
        reply.StatusTimes == 0 || _failuresGiven.AddOrUpdate(request.LastUserText, 1, (_, given) => given + 1) <= reply.StatusTimes;

    private void Enter()
    {
        var active = Interlocked.Increment(ref _active);
        for (var peak = Volatile.Read(ref _peak); active > peak; peak = Volatile.Read(ref _peak))
        {
            Interlocked.CompareExchange(ref _peak, active, peak);
        }
    }

    private static async Task RawAsync(HttpContext context, UpstreamReply reply, CancellationToken cancellationToken)
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

    private static Task FailAsync(HttpContext context, UpstreamReply reply, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = reply.Status;
        if (reply.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return JsonAsync(context, ErrorBody(reply), cancellationToken);
    }

    private static Task JsonAsync(HttpContext context, string body, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body, cancellationToken);
    }

    private Task ReleaseAsync(HttpContext context)
    {
        Release();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    // {"reply": "n=20 r=5", "models": ["fake"], "key": "secret"}: what is absent stays; an empty reply or key resets it.
    private Task ConfigureAsync(HttpContext context, JsonElement body)
    {
        if (body.TryGetProperty("reply", out var reply))
        {
            Default = new UpstreamReply().WithPairs(reply.GetString() ?? "");
        }

        if (body.TryGetProperty("models", out var models))
        {
            Models = [.. models.EnumerateArray().Select(model => model.GetString() ?? "")];
        }

        if (body.TryGetProperty("key", out var key))
        {
            Key = key.GetString() is { Length: > 0 } value ? value : null;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private string ModelsBody() => JsonSerializer.Serialize(new
    {
        @object = "list",
        data = Models.Select(id => new { id, @object = "model", created = 1700000000, owned_by = "scripted" }),
    });

    private static string CompletionBody(UpstreamRequest request, UpstreamReply reply) => JsonSerializer.Serialize(new
    {
        id = "chatcmpl-scripted",
        @object = "chat.completion",
        created = 1700000000,
        model = request.Model,
        choices = new[]
        {
            new { index = 0, message = new { role = "assistant", content = reply.Text ?? UpstreamReply.WordsOf(reply.Tokens) }, finish_reason = reply.FinishReason },
        },
        usage = JsonElement.Parse(UsageBody(reply)),
    });

    // A vector of four numbers that depend on the text alone, as numbers or in base64, whichever was asked for.
    private static string EmbeddingsBody(JsonElement body)
    {
        var inputs = body.GetProperty("input");
        string[] texts = inputs.ValueKind == JsonValueKind.Array ? [.. inputs.EnumerateArray().Select(text => text.GetString() ?? "")] : [inputs.GetString() ?? ""];
        var asBase64 = body.TryGetProperty("encoding_format", out var format) && format.GetString() == "base64";
        return JsonSerializer.Serialize(new
        {
            @object = "list",
            model = body.GetProperty("model").GetString(),
            data = texts.Select((text, index) => new { @object = "embedding", index, embedding = asBase64 ? (object)Base64(VectorOf(text)) : VectorOf(text) }),
            usage = new { prompt_tokens = texts.Length, total_tokens = texts.Length },
        });
    }

    private static float[] VectorOf(string text) => [text.Length, text.Count(char.IsLetter), text.Count(char.IsDigit), text.Count(char.IsWhiteSpace)];

    private static string Base64(float[] vector) => Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()));
}
