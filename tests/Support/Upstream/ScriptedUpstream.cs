using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
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
    private readonly WebApplication _server;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<UpstreamReply> _replies = new();
    private readonly UpstreamRequests _requests = new();
    private readonly ConcurrentDictionary<string, int> _failuresGiven = new();
    private readonly ConcurrentDictionary<string, UpstreamReply> _answers = new();
    private readonly ConcurrentDictionary<string, bool> _held = new();
    private TaskCompletionSource _released = NewSource();

    private ScriptedUpstream(WebApplication server) => _server = server;

    /// <summary>The base address, ending in <c>/v1</c>.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/v1");

    /// <summary>The reply when none is enqueued.</summary>
    public UpstreamReply Default { get; set; } = new();

    /// <summary>The model ids listed.</summary>
    public IReadOnlyList<string> Models { get; set; } = ["fake"];

    /// <summary>The key without which everything is answered 401; null asks for none.</summary>
    public string? Key { get; set; }

    /// <summary>How many numbers a vector has; four of them depend on the text, the others are 0.</summary>
    public int VectorLength { get; set; } = 4;

    /// <summary>What texts can be about: the words of each subject. A vector then says how much of each a text has; else it depends on its length.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Subjects { get; set; } = [];

    /// <summary>Chat requests so far, oldest first; the last thousand.</summary>
    public IReadOnlyList<UpstreamRequest> Requests => [.. _requests.All.Where(request => request.IsMessages || request.Path.EndsWith("/chat/completions", StringComparison.Ordinal))];

    /// <summary>All requests so far, model lists and unknown paths too.</summary>
    public IReadOnlyList<UpstreamRequest> AllRequests => _requests.All;

    /// <summary>Counters since the start.</summary>
    public UpstreamStats Stats => Counters.Read();

    internal UpstreamCounters Counters { get; } = new();

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

    /// <summary>Takes requests to a path from now on and answers none.</summary>
    public void Hold(string path) => _held[path] = true;

    /// <summary>The next chat request not yet taken by this method, waiting for it if need be.</summary>
    public ValueTask<UpstreamRequest> NextRequestAsync(CancellationToken cancellationToken = default) => _requests.NextAsync(cancellationToken);

    /// <summary>Lets every reply go on that waits at its hold now.</summary>
    public void Release() => Interlocked.Exchange(ref _released, NewSource()).TrySetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _server.DisposeAsync();
        _stopping.Dispose();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task HandleAsync(HttpContext context)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        var request = await _requests.KeepAsync(context, linked.Token);
        await using var abort = context.RequestAborted.UnsafeRegister(static state => ((UpstreamRequest)state!).MarkDisconnected(), request);
        try
        {
            await RouteAsync(context, request, linked.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            Counters.Disconnected();
            context.Abort();
        }
        finally
        {
            request.MarkEnded();
        }
    }

    private Task RouteAsync(HttpContext context, UpstreamRequest request, CancellationToken cancellationToken)
    {
        if (_held.ContainsKey(request.Path))
        {
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (_answers.TryGetValue(request.Path, out var answer))
        {
            return UpstreamAnswers.RawAsync(context, answer, cancellationToken);
        }

        if (Key is not null && context.Request.Headers.Authorization != $"Bearer {Key}" && !request.Path.StartsWith("/__", StringComparison.Ordinal))
        {
            var refused = new UpstreamReply { Status = 401, ErrorCode = "invalid_api_key", ErrorMessage = "Incorrect API key provided." };
            return UpstreamAnswers.FailAsync(context, request, refused, cancellationToken);
        }

        return (context.Request.Method, request.Path) switch
        {
            ("GET", "/v1/models") => UpstreamAnswers.JsonAsync(context, UpstreamBodies.Models(Models), cancellationToken),
            ("POST", "/v1/chat/completions" or "/v1/messages") => ChatAsync(context, request, cancellationToken),
            ("POST", "/v1/embeddings") => UpstreamAnswers.JsonAsync(context, UpstreamBodies.Embeddings(request.Body, VectorLength, Subjects), cancellationToken),
            ("POST", "/v1/rerank") => UpstreamAnswers.JsonAsync(context, UpstreamBodies.Rerank(request.Body), cancellationToken),
            ("GET", "/__stats") => UpstreamAnswers.JsonAsync(context, JsonSerializer.Serialize(Stats, JsonSerializerOptions.Web), cancellationToken),
            ("POST", "/__release") => ReleaseAsync(context),
            ("POST", "/__config") => ConfigureAsync(context, request.Body),
            _ => UpstreamAnswers.FailAsync(context, request, new UpstreamReply { Status = 404, ErrorMessage = "unknown path" }, cancellationToken),
        };
    }

    private async Task ChatAsync(HttpContext context, UpstreamRequest request, CancellationToken cancellationToken)
    {
        var reply = ReplyTo(request);
        Counters.Begin();
        _requests.Arrived(request);
        try
        {
            if (reply.Hang == UpstreamHang.BeforeHeaders)
            {
                request.MarkHeld();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            await (reply switch
            {
                { RawBody: not null } => UpstreamAnswers.RawAsync(context, reply, cancellationToken),
                { Status: not 200 } when FailsNow(reply, request) => UpstreamAnswers.FailAsync(context, request, reply, cancellationToken),
                _ when request.Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True =>
                    ReplyWriter.PlayAsync(context, request, reply, ReplyForm.Of(request, reply), this, cancellationToken),
                _ => UpstreamAnswers.JsonAsync(context, UpstreamBodies.Completion(request, reply), cancellationToken),
            });
        }
        finally
        {
            Counters.End();
        }
    }

    private UpstreamReply ReplyTo(UpstreamRequest request) =>
        (_replies.TryDequeue(out var enqueued) ? enqueued : Default).SteeredByModel(request.Model).SteeredByMessage(request.LastUserText);

    private bool FailsNow(UpstreamReply reply, UpstreamRequest request) =>
        reply.StatusTimes == 0 || _failuresGiven.AddOrUpdate(request.LastUserText, 1, (_, given) => given + 1) <= reply.StatusTimes;

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
}
