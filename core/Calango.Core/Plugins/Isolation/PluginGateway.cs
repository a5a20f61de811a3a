using System.Buffers.Binary;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>What an isolated plugin may ask of the server: HTTP to where it may reach, a line in the log, and the bytes that it was told to keep. Thread-safe.</summary>
internal sealed class PluginGateway(HttpGrants grants, PluginHttp http, PluginLog log, SentContents contents) : IWireServer
{
    private const int ChunkBytes = 16 * 1024;

    private static readonly string[] NotForwarded = ["Host", "Connection", "Transfer-Encoding", "Content-Length", "Upgrade", "Proxy-Authorization", "Proxy-Connection", "Keep-Alive", "TE", "Trailer"];

    public async Task<byte[]> ServeAsync(ServedCall call)
    {
        switch (call.Method)
        {
            case WireMethod.Http:
                await ForwardAsync(call);
                return [];
            case WireMethod.ReadPublic:
                return WireJson.Write(await ReadPublicAsync(WireJson.Read<ReadPublicMessage>(call.Arguments.Span), call.Cancelled));
            case WireMethod.ReadContent:
                await contents.SendAsync(WireJson.Read<Guid>(call.Arguments.Span), call);
                return [];
            case WireMethod.Log:
                log.Write(WireJson.Read<LogMessage>(call.Arguments.Span));
                return [];
            default:
                throw new InvalidDataException("A plugin's process has no such method to ask for.");
        }
    }

    private Task<WebDocument> ReadPublicAsync(ReadPublicMessage asked, CancellationToken cancellationToken) =>
        grants.TakesEntered || grants.IsDeclared(asked.Address) ? http.ReadPublicAsync(asked.Address, asked.Limits, cancellationToken) : throw NotGranted(asked.Address);

    private async Task ForwardAsync(ServedCall call)
    {
        var headLength = BinaryPrimitives.ReadInt32LittleEndian(call.Arguments.Span);
        var head = WireJson.Read<HttpRequestMessageHead>(call.Arguments.Span.Slice(4, headLength));
        using var request = RequestOf(head, call.Arguments[(4 + headLength)..]);
        using var client = ClientFor(head.Address);
        using var response = await client.SendAsync(request, call.Cancelled);
        await call.YieldAsync(WireJson.Write(new HttpResponseMessageHead((int)response.StatusCode, response.ReasonPhrase, [.. HeadersOf(response)])));
        await using var body = await response.Content.ReadAsStreamAsync(call.Cancelled);
        var chunk = new byte[ChunkBytes];
        while (await body.ReadAsync(chunk, call.Cancelled) is > 0 and var count)
        {
            await call.YieldAsync(chunk.AsMemory(0, count));
        }
    }

    private HttpMessageInvoker ClientFor(Uri address) =>
        grants.WasEntered(address) ? http.CreateInvoker() : grants.IsDeclared(address) ? http.CreatePublicInvoker(address) : throw NotGranted(address);

    private static ProviderException NotGranted(Uri address) => new(ProviderErrorKind.Forbidden, $"the plugin may not reach {address.IdnHost}");

    private static HttpRequestMessage RequestOf(HttpRequestMessageHead head, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(new HttpMethod(head.Method), head.Address) { Content = head.HasBody ? new ReadOnlyMemoryContent(body) : null };
        foreach (var header in head.Headers.Where(header => !NotForwarded.Contains(header.Name, StringComparer.OrdinalIgnoreCase)))
        {
            if (header.OfContent)
            {
                request.Content?.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
        }

        return request;
    }

    private static IEnumerable<HttpHeaderMessage> HeadersOf(HttpResponseMessage response) =>
        response.Headers.SelectMany(header => header.Value, (header, value) => new HttpHeaderMessage(header.Key, value, false))
            .Concat(response.Content.Headers.SelectMany(header => header.Value, (header, value) => new HttpHeaderMessage(header.Key, value, true)));
}
