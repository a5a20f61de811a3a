using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Tests.Support.Weaviate;

/// <summary>
/// A server that speaks as much of Weaviate's REST and GraphQL as Calango does, over real sockets on loopback, with its objects in
/// memory. It answers as a real one was seen to: 422 for what is there already, 200 for a batch with failures inside and for a GraphQL
/// error, and no more than so many deletions a call.
/// </summary>
public sealed class WeaviateServer : IAsyncDisposable
{
    /// <summary>The key that it takes.</summary>
    public const string ApiKey = "a-key-of-weaviate";

    private readonly WebApplication _server;
    private readonly WeaviateObjects _objects = new();
    private readonly Lock _lock = new();
    private readonly List<string> _asked = [];

    private WeaviateServer(WebApplication server) => _server = server;

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>The settings with which it is used, by field name.</summary>
    public Dictionary<string, string> Settings => SettingsAt(EndPoint.Port);

    /// <summary>How many objects one call deletes at most.</summary>
    public int DeletionLimit { get; set; } = 10_000;

    /// <summary>Which ids a batch cannot put there.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>Takes requests and answers none.</summary>
    public bool IsSilent { get; set; }

    /// <summary>What it answers whatever is asked, with 200; null: as it should.</summary>
    public string? Says { get; set; }

    /// <summary>The status of every answer; null: as it should be.</summary>
    public int? Status { get; set; }

    /// <summary>Looks at each request with its body.</summary>
    public Action<string, string, IQueryCollection, JsonNode?> Check { get; set; } = (_, _, _, _) => { };

    /// <summary>What was asked, in order: method and path.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_lock)
            {
                return [.. _asked];
            }
        }
    }

    /// <summary>How many objects there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _objects.Count;
            }
        }
    }

    /// <summary>The tenants, with how many objects each has.</summary>
    public IReadOnlyDictionary<string, int> Tenants
    {
        get
        {
            lock (_lock)
            {
                return _objects.Tenants;
            }
        }
    }

    /// <summary>The settings of the same server through a proxy.</summary>
    public static Dictionary<string, string> SettingsAt(int port) => new()
    {
        ["address"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        ["apiKey"] = ApiKey,
        ["prefix"] = "Calango",
        ["hybrid"] = "false",
    };

    /// <summary>Starts one.</summary>
    public static async Task<WeaviateServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var weaviate = new WeaviateServer(server);
        server.Run(weaviate.HandleAsync);
        await server.StartAsync();
        var bound = new Uri(server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        weaviate.EndPoint = new IPEndPoint(IPAddress.Loopback, bound.Port);
        return weaviate;
    }

    /// <summary>Loses all that it has, as where somebody has emptied its disk.</summary>
    public void Lose()
    {
        lock (_lock)
        {
            _objects.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (IsSilent)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Abort();
            return;
        }

        var body = request.ContentLength is 0 or null && !request.Headers.ContainsKey("Transfer-Encoding") ? null : await JsonSerializer.DeserializeAsync<JsonNode>(request.Body, cancellationToken: context.RequestAborted);
        var path = request.Path.Value!["/v1".Length..];
        var (status, answer) = Answer(request, path, body);
        context.Response.StatusCode = Status ?? status;
        if (Says is { } said)
        {
            await context.Response.WriteAsync(said, context.RequestAborted);
        }
        else if (answer is not null && !HttpMethods.IsHead(request.Method))
        {
            await context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
        }
    }

    private (int Status, JsonNode? Answer) Answer(HttpRequest request, string path, JsonNode? body)
    {
        lock (_lock)
        {
            _asked.Add($"{request.Method} {path}");
            Check(request.Method, path, request.Query, body);
            // Whether it lives and is ready, it tells everybody.
            if (path.StartsWith("/.well-known/", StringComparison.Ordinal))
            {
                return (200, null);
            }

            if (request.Headers.Authorization != $"Bearer {ApiKey}")
            {
                return (401, new JsonObject { ["code"] = 401, ["message"] = $"unauthorized: invalid api key, {request.Headers.Authorization}" });
            }

            string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            return (request.Method, parts) switch
            {
                ("GET", ["schema"]) => (200, new JsonObject { ["classes"] = new JsonArray([.. _objects.Classes.Select(name => new JsonObject { ["class"] = name })]) }),
                ("POST", ["schema"]) => _objects.AddClass(body!),
                ("GET", ["schema", var name]) => _objects.Classes.Contains(name) ? (200, new JsonObject { ["class"] = name }) : (404, null),
                ("HEAD", ["schema", var name, "tenants", var tenant]) => (!_objects.Classes.Contains(name) ? 422 : _objects.HasTenant(name, tenant) ? 200 : 404, null),
                ("POST", ["schema", var name, "tenants"]) => _objects.AddTenants(name, body!),
                ("POST", ["batch", "objects"]) => (200, _objects.Put(body!, Refuses)),
                ("DELETE", ["batch", "objects"]) => _objects.Delete(body!, request.Query["tenant"].ToString(), DeletionLimit),
                ("POST", ["graphql"]) => _objects.Search((string)body!["query"]!),
                _ => (404, null),
            };
        }
    }
}
