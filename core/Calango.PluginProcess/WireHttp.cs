using System.Buffers.Binary;
using System.Net;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.PluginProcess;

/// <summary>HTTP through the server: there is no network here.</summary>
internal sealed class WireHttp(Wire wire) : IPluginHttp
{
    public HttpClient CreateClient(HttpLimits limits) => new(new CappedHandler(new Handler(wire), limits), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<WebDocument> ReadPublicAsync(Uri address, WebLimits limits, CancellationToken cancellationToken) =>
        WireJson.Read<WebDocument>(await wire.CallAsync(WireMethod.ReadPublic, WireJson.Write(new ReadPublicMessage(address, limits)), cancellationToken));

    private sealed class Handler(Wire wire) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var form = await FormAsync(request, cancellationToken);
            var answer = new WireAnswer(left => wire.StreamAsync(WireMethod.Http, form, left));
            try
            {
                return await answer.NextAsync(cancellationToken) is { } head
                    ? ResponseOf(request, WireJson.Read<HttpResponseMessageHead>(head), answer)
                    : throw new HttpRequestException(HttpRequestError.InvalidResponse);
            }
            catch
            {
                await answer.DisposeAsync();
                throw;
            }
        }

        private static async Task<byte[]> FormAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : null;
            var headers = request.Headers.SelectMany(header => header.Value, (header, value) => new HttpHeaderMessage(header.Key, value, false))
                .Concat(request.Content?.Headers.SelectMany(header => header.Value, (header, value) => new HttpHeaderMessage(header.Key, value, true)) ?? []);
            var head = WireJson.Write(new HttpRequestMessageHead(request.Method.Method, request.RequestUri!, [.. headers], body is not null));
            // Its method goes before it. The server would end a process that sends more.
            if (1L + 4 + head.Length + (body?.Length ?? 0) is var length && length > PluginChild.MostFrameBytes)
            {
                throw new ProviderException(ProviderErrorKind.InvalidRequest, $"A request of {length} bytes; an isolated plugin sends at most {PluginChild.MostFrameBytes}.");
            }

            var form = new byte[4 + head.Length + (body?.Length ?? 0)];
            BinaryPrimitives.WriteInt32LittleEndian(form, head.Length);
            head.CopyTo(form, 4);
            body?.CopyTo(form, 4 + head.Length);
            return form;
        }

        private static HttpResponseMessage ResponseOf(HttpRequestMessage request, HttpResponseMessageHead head, WireAnswer answer)
        {
            var response = new HttpResponseMessage((HttpStatusCode)head.Status) { ReasonPhrase = head.Reason, RequestMessage = request, Content = new StreamContent(new WireBody(answer)) };
            foreach (var header in head.Headers)
            {
                (header.OfContent ? response.Content.Headers : (System.Net.Http.Headers.HttpHeaders)response.Headers).TryAddWithoutValidation(header.Name, header.Value);
            }

            return response;
        }
    }
}
