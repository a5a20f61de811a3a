using System.Globalization;
using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.Langfuse;

/// <summary>What the service answered.</summary>
/// <param name="response">Its status and headers.</param>
/// <param name="body">Its body.</param>
/// <param name="secretKey">Taken out of whatever it said.</param>
internal sealed class Answer(HttpResponseMessage response, string body, string? secretKey)
{
    /// <exception cref="ProviderException">It has not taken all that was sent.</exception>
    public void ThrowUnlessTaken()
    {
        var said = Parse();
        var status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode)
        {
            throw new ProviderException(KindOf(status), Words(Text(said, "message") ?? Text(said, "error")), status, RetryAfter());
        }

        if (said is null && body.Length > 0)
        {
            throw new ProviderException(ProviderErrorKind.UnexpectedFormat);
        }

        // By OTLP's rules this is the last word on what was rejected.
        if (said is { ValueKind: JsonValueKind.Object } taken && taken.TryGetProperty("partialSuccess", out var part) && Rejected(part) > 0)
        {
            throw new ProviderException(ProviderErrorKind.InvalidRequest, Words(Text(part, "errorMessage")));
        }
    }

    private static ProviderErrorKind KindOf(int status) => status switch
    {
        401 => ProviderErrorKind.Unauthorized,
        402 => ProviderErrorKind.PaymentRequired,
        403 => ProviderErrorKind.Forbidden,
        408 => ProviderErrorKind.TimedOut,
        429 => ProviderErrorKind.RateLimited,
        404 or 405 or 410 or (>= 300 and < 400) => ProviderErrorKind.EndpointNotFound,
        >= 400 and < 500 => ProviderErrorKind.InvalidRequest,
        _ => ProviderErrorKind.ServiceFailed,
    };

    // A date is measured against the service's own clock, which it sends along.
    private TimeSpan? RetryAfter() => response.Headers.RetryAfter is { } retry
        ? retry.Delta ?? (retry.Date - response.Headers.Date is { Ticks: > 0 } wait ? wait : null)
        : null;

    private JsonElement? Parse()
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement? said, string name) =>
        said is { ValueKind: JsonValueKind.Object } whole && whole.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // As all 64-bit numbers in OTLP's JSON it is a string, but not every service keeps to that.
    private static long Rejected(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("rejectedSpans", out var count)
        && long.TryParse(count.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var rejected) ? rejected : 0;

    private string? Words(string? words) => secretKey is { Length: > 0 } ? words?.Replace(secretKey, "•••", StringComparison.Ordinal) : words;
}
