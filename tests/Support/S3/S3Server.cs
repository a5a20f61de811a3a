using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Calango.Tests.Support.S3;

/// <summary>
/// A service that speaks as much of the S3 protocol as Calango does, over real sockets on loopback, with one bucket in
/// memory. It computes the signature (version 4) of every request and the digest of every body, and refuses what differs.
/// </summary>
public sealed class S3Server : IAsyncDisposable
{
    /// <summary>The one bucket.</summary>
    public const string Bucket = "calango";

    private const string AccessKey = "AKIDCALANGO";
    private const string SecretKey = "a/secret+of=the-bucket";

    private readonly WebApplication _server;
    private readonly S3Bucket _bucket = new();
    private readonly S3Signature _signature = new(AccessKey, SecretKey);

    private S3Server(WebApplication server) => _server = server;

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>The settings with which it is used, by field name.</summary>
    public Dictionary<string, string> Settings => SettingsAt(EndPoint.Port);

    /// <summary>The keys of its objects, in order.</summary>
    public IReadOnlyList<string> Keys => _bucket.Keys;

    /// <summary>How many uploads in parts were begun and neither completed nor given up.</summary>
    public int OpenUploads => _bucket.OpenUploads;

    /// <summary>The settings of the same bucket through a proxy.</summary>
    public static Dictionary<string, string> SettingsAt(int port) => new()
    {
        ["endpoint"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        ["region"] = "eu-test-1",
        ["bucket"] = Bucket,
        ["accessKey"] = AccessKey,
        ["secretKey"] = SecretKey,
        ["pathStyle"] = "true",
    };

    /// <summary>Starts one.</summary>
    public static async Task<S3Server> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var server = builder.Build();
        var s3 = new S3Server(server);
        server.Run(s3.HandleAsync);
        await server.StartAsync();
        var bound = new Uri(server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        s3.EndPoint = new IPEndPoint(IPAddress.Loopback, bound.Port);
        return s3;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            using var content = new MemoryStream();
            await context.Request.Body.CopyToAsync(content, context.RequestAborted);
            var body = content.ToArray();
            _signature.Check(context.Request, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, body);
            var path = context.Request.Path.Value!.Split('/', 3);
            if (path[1] != Bucket)
            {
                throw new S3Refusal(HttpStatusCode.NotFound, "NoSuchBucket");
            }

            await (path.Length < 3 || path[2].Length == 0 ? ListAsync(context) : AnswerAsync(context, path[2], body));
        }
        catch (S3Refusal refusal)
        {
            context.Response.StatusCode = (int)refusal.Status;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await WriteAsync(context, new XElement("Error", new XElement("Code", refusal.Code), new XElement("Message", $"It was refused: {refusal.Code}.")));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or BadHttpRequestException)
        {
            // Whoever asked has gone.
        }
    }

    private Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (query["list-type"] != "2" || !HttpMethods.IsGet(context.Request.Method))
        {
            throw new S3Refusal(HttpStatusCode.NotImplemented, "NotImplemented");
        }

        var most = int.TryParse(query["max-keys"], CultureInfo.InvariantCulture, out var wanted) ? Math.Min(wanted, 1000) : 1000;
        var after = query["continuation-token"].ToString() is { Length: > 0 } token ? Encoding.UTF8.GetString(Convert.FromBase64String(token)) : "";
        var keys = _bucket.Keys.Where(key => key.StartsWith(query["prefix"].ToString(), StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0).Take(most + 1).ToList();
        var page = keys.Take(most).ToList();
        return WriteAsync(context, new XElement(
            "ListBucketResult",
            new XElement("Name", Bucket),
            new XElement("KeyCount", page.Count),
            new XElement("MaxKeys", most),
            new XElement("IsTruncated", keys.Count > most ? "true" : "false"),
            keys.Count > most ? new XElement("NextContinuationToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(page[^1]))) : null,
            page.Select(key => new XElement("Contents", new XElement("Key", key), new XElement("Size", _bucket.Find(key)?.Content.Length ?? 0)))));
    }

    private Task AnswerAsync(HttpContext context, string key, byte[] body)
    {
        var query = context.Request.Query;
        var upload = query["uploadId"].ToString();
        switch (context.Request.Method)
        {
            case "PUT" when upload.Length > 0:
                context.Response.Headers.ETag = _bucket.PutPart(upload, int.Parse(query["partNumber"]!, CultureInfo.InvariantCulture), body);
                return Task.CompletedTask;
            case "PUT":
                context.Response.Headers.ETag = _bucket.Put(key, S3Object.Of(context.Request, body));
                return Task.CompletedTask;
            case "POST" when query.ContainsKey("uploads"):
                var begun = _bucket.Begin(S3Object.Of(context.Request, []));
                return WriteAsync(context, new XElement("InitiateMultipartUploadResult", new XElement("Bucket", Bucket), new XElement("Key", key), new XElement("UploadId", begun)));
            case "POST" when upload.Length > 0:
                var etag = _bucket.Complete(key, upload, body);
                return WriteAsync(context, new XElement("CompleteMultipartUploadResult", new XElement("Bucket", Bucket), new XElement("Key", key), new XElement("ETag", etag)));
            case "DELETE":
                _bucket.Delete(key, upload);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            case "GET" or "HEAD":
                return ReadAsync(context, _bucket.Find(key) ?? throw new S3Refusal(HttpStatusCode.NotFound, "NoSuchKey"));
            default:
                throw new S3Refusal(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
        }
    }

    private static async Task ReadAsync(HttpContext context, S3Object found)
    {
        var response = context.Response;
        (response.ContentType, response.Headers.ETag) = (found.ContentType, found.ETag);
        response.Headers.LastModified = found.At.ToString("R");
        foreach (var (name, value) in found.Metadata)
        {
            response.Headers[name] = value;
        }

        var content = found.Content.AsMemory();
        if (context.Request.GetTypedHeaders().Range?.Ranges.Single() is { From: { } from } range)
        {
            if (from >= content.Length)
            {
                throw new S3Refusal(HttpStatusCode.RequestedRangeNotSatisfiable, "InvalidRange");
            }

            var to = Math.Min(range.To ?? long.MaxValue, content.Length - 1);
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{content.Length}");
            content = content[(int)from..(int)(to + 1)];
        }

        response.ContentLength = content.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await response.Body.WriteAsync(content, context.RequestAborted);
        }
    }

    private static Task WriteAsync(HttpContext context, XElement element)
    {
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(new XDeclaration("1.0", "UTF-8", null) + element.ToString(SaveOptions.DisableFormatting), context.RequestAborted);
    }
}

/// <summary>What was asked for is refused, as the protocol says it.</summary>
internal sealed class S3Refusal(HttpStatusCode status, string code) : Exception(code)
{
    public HttpStatusCode Status { get; } = status;

    public string Code { get; } = code;
}

/// <summary>An object. Immutable.</summary>
internal sealed record S3Object(byte[] Content, string ContentType, IReadOnlyDictionary<string, string> Metadata, DateTimeOffset At)
{
    public string ETag { get; init; } = ETagOf(Content);

    public static string ETagOf(byte[] content) => $"\"{Convert.ToHexStringLower(MD5.HashData(content))}\"";

    public static S3Object Of(HttpRequest request, byte[] body) => new(
        body,
        request.ContentType ?? "binary/octet-stream",
        request.Headers.Where(header => header.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase)).ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
        TimeProvider.System.GetUtcNow());
}
