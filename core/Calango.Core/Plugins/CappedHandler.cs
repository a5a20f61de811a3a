using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>Puts a <see cref="CappedStream"/> around each response body, after decompression by the handler within.</summary>
internal sealed class CappedHandler(HttpMessageHandler inner, HttpLimits limits) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return Cap(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = base.Send(request, cancellationToken);
        return Cap(response, response.Content.ReadAsStream(cancellationToken));
    }

    private HttpResponseMessage Cap(HttpResponseMessage response, Stream body)
    {
        var capped = new StreamContent(new CappedStream(body, limits));
        foreach (var (name, values) in response.Content.Headers)
        {
            capped.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = capped;
        return response;
    }
}
