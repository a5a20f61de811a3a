using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Tests.Fixtures;

/// <summary>
/// A real server of the Model Context Protocol, over streamable HTTP, behind a gate that asks for a bearer token: whose it
/// does not know is answered 401, and a session belongs to the token that began it. Thread-safe.
/// </summary>
public sealed class McpGateway : IAsyncDisposable
{
    private const string SessionHeader = "Mcp-Session-Id";

    private static readonly string Program = Path.Combine(TestFolders.Repository, "tests/McpServers/node_modules/@modelcontextprotocol/server-everything/dist/index.js");
    private static readonly string[] Forwarded = ["Accept", SessionHeader, "MCP-Protocol-Version", "Last-Event-ID"];

    private readonly HashSet<string> _tokens;
    private readonly Process _process;
    private readonly Lifeline _lifeline;
    private readonly Uri _behind;
    private readonly WebApplication _gate;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentDictionary<string, string> _owners = new();
    private readonly ConcurrentQueue<McpRequest> _requests = new();

    private McpGateway(string[] tokens, Process process, Uri behind, WebApplication gate) =>
        (_tokens, _process, _lifeline, _behind, _gate) = ([.. tokens], process, new Lifeline(process), behind, gate);

    /// <summary>Whether the packages are there that tests/McpServers pins.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Where it answers.</summary>
    public Uri Address => new($"{_gate.Urls.First()}/mcp");

    /// <summary>All that was asked of it, whether or not it was let through.</summary>
    public IReadOnlyCollection<McpRequest> Requests => _requests;

    /// <summary>The tokens with which it was asked.</summary>
    public IEnumerable<string> Tokens => _requests.Select(request => request.Token).Distinct();

    /// <summary>The sessions that a token has begun.</summary>
    public IReadOnlyList<string> SessionsOf(string token) => [.. _owners.Where(session => session.Value == token).Select(session => session.Key)];

    /// <summary>Starts one.</summary>
    /// <param name="tokens">The tokens that it knows.</param>
    public static async Task<McpGateway> StartAsync(params string[] tokens)
    {
        var port = ServerProcess.FreePort();
        var start = new ProcessStartInfo("node", [Program, "streamableHttp"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PORT"] = $"{port}";
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => _ = line.Data?.Contains("listening", StringComparison.Ordinal) != false && listens.TrySetResult();
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var gateway = new McpGateway(tokens, process, new Uri($"http://127.0.0.1:{port}/mcp"), builder.Build());
        gateway._gate.Run(gateway.PassAsync);
        await gateway._gate.StartAsync();
        await listens.Task;
        return gateway;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gate.StopAsync();
        await _gate.DisposeAsync();
        _client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _lifeline.Dispose();
        _process.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        var session = context.Request.Headers[SessionHeader].ToString();
        _requests.Enqueue(new McpRequest(context.Request.Method, token, session));
        if (!_tokens.Contains(token) || (session.Length > 0 && _owners.GetValueOrDefault(session) != token))
        {
            context.Response.StatusCode = session.Length > 0 ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            using var request = RequestFrom(context.Request);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            await AnswerAsync(context, response, token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            context.Abort();
        }
    }

    private HttpRequestMessage RequestFrom(HttpRequest asked)
    {
        var request = new HttpRequestMessage(new HttpMethod(asked.Method), _behind);
        foreach (var name in Forwarded.Where(asked.Headers.ContainsKey))
        {
            request.Headers.TryAddWithoutValidation(name, asked.Headers[name].ToString());
        }

        if (asked.Method == HttpMethods.Post)
        {
            request.Content = new StreamContent(asked.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", asked.ContentType);
        }

        return request;
    }

    private async Task AnswerAsync(HttpContext context, HttpResponseMessage response, string token)
    {
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        if (response.Headers.TryGetValues(SessionHeader, out var sessions))
        {
            var begun = sessions.First();
            _owners.TryAdd(begun, token);
            context.Response.Headers[SessionHeader] = begun;
        }

        await context.Response.Body.FlushAsync(context.RequestAborted);
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}

/// <summary>What was asked of a server.</summary>
/// <param name="Method">The method of HTTP.</param>
/// <param name="Token">The bearer token; empty: none.</param>
/// <param name="Session">The session; empty: none yet.</param>
public sealed record McpRequest(string Method, string Token, string Session);
