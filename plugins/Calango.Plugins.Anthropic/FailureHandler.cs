using System.Net.Http.Headers;
using Calango.Sdk;

namespace Calango.Plugins.Anthropic;

/// <summary>
/// Turns an answer that is none into its <see cref="ProviderException"/> before the SDK sees it: the SDK's own exceptions
/// have no headers, so no Retry-After, and to its reader of streams a page of HTML is an empty stream.
/// </summary>
internal sealed class FailureHandler(string? apiKey) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        // One JSON object instead of a stream is mostly an error, sent as a success.
        var isOneObject = request.Method == HttpMethod.Post && type.Equals("application/json", StringComparison.OrdinalIgnoreCase);
        if (response.IsSuccessStatusCode && !isOneObject && !type.Equals("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return response;
        }

        using (response)
        {
            var error = ErrorBody.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            throw !response.IsSuccessStatusCode ? error.ToException((int)response.StatusCode, RetryAfter(response.Headers), apiKey)
                : error == ErrorBody.None ? new ProviderException(ProviderErrorKind.UnexpectedFormat)
                : error.ToException(statusCode: null, apiKey: apiKey);
        }
    }

    // A date is measured against the service's own clock, which it sends along.
    private static TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - headers.Date is { Ticks: > 0 } wait ? wait : null);
}
