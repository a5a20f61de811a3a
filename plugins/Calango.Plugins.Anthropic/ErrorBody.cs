using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.Anthropic;

/// <summary>What a service said went wrong: <c>{"type":"error","error":{"type":…,"message":…}}</c>, and what gateways make of it.</summary>
/// <param name="Message">The service's words.</param>
/// <param name="Type">Its name for the kind of error, e.g. <c>overloaded_error</c>.</param>
internal sealed record ErrorBody(string? Message, string? Type)
{
    public static ErrorBody None { get; } = new(null, null);

    /// <summary>Reads a body; <see cref="None"/> if it is no JSON, or has no error in it.</summary>
    public static ErrorBody Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var error = Property(JsonElement.Parse(body), "error");
            return error.ValueKind == JsonValueKind.String ? new ErrorBody(error.GetString(), null)
                : error.ValueKind == JsonValueKind.Object ? new ErrorBody(Text(error, "message"), Text(error, "type"))
                : None;
        }
        catch (JsonException)
        {
            return None;
        }
    }

    public ProviderException ToException(int? statusCode, TimeSpan? retryAfter = null, string? apiKey = null)
    {
        var words = apiKey is null ? Message : Message?.Replace(apiKey, "•••", StringComparison.Ordinal);
        return new ProviderException(KindOf(statusCode), words, statusCode, retryAfter);
    }

    // The words are asked first: a prompt that is too long, content that was refused and an empty account all come as
    // an invalid request. Then the type, which is all that an error within a stream has; then the status.
    private ProviderErrorKind KindOf(int? status) => Type switch
    {
        _ when Says("prompt is too long", "exceed context limit", "context window") => ProviderErrorKind.ContextTooLong,
        _ when Says("content filtering policy") => ProviderErrorKind.ContentRefused,
        _ when Says("credit balance") => ProviderErrorKind.PaymentRequired,
        "not_found_error" when Says("model") => ProviderErrorKind.ModelNotFound,
        "request_too_large" => ProviderErrorKind.ContextTooLong,
        "billing_error" => ProviderErrorKind.PaymentRequired,
        "authentication_error" => ProviderErrorKind.Unauthorized,
        "permission_error" => ProviderErrorKind.Forbidden,
        "rate_limit_error" => ProviderErrorKind.RateLimited,
        "timeout_error" => ProviderErrorKind.TimedOut,
        "overloaded_error" or "api_error" => ProviderErrorKind.ServiceFailed,
        "invalid_request_error" => ProviderErrorKind.InvalidRequest,
        _ => KindOfStatus(status),
    };

    private static ProviderErrorKind KindOfStatus(int? status) => status switch
    {
        401 => ProviderErrorKind.Unauthorized,
        402 => ProviderErrorKind.PaymentRequired,
        403 => ProviderErrorKind.Forbidden,
        404 or 405 or 410 or (>= 300 and < 400) => ProviderErrorKind.EndpointNotFound,
        408 => ProviderErrorKind.TimedOut,
        413 => ProviderErrorKind.ContextTooLong,
        429 => ProviderErrorKind.RateLimited,
        >= 400 and < 500 => ProviderErrorKind.InvalidRequest,
        _ => ProviderErrorKind.ServiceFailed,
    };

    private bool Says(params ReadOnlySpan<string> phrases)
    {
        foreach (var phrase in phrases)
        {
            if (Message?.Contains(phrase, StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }

    private static JsonElement Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
