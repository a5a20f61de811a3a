using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>What a service said went wrong, found in any of the shapes in which services say it.</summary>
/// <param name="Message">The service's words.</param>
/// <param name="Code">Its machine-readable code or type.</param>
/// <param name="Status">A status inside the body, from gateways that pass on another service's.</param>
internal sealed record ErrorBody(string? Message, string? Code, int? Status)
{
    public static ErrorBody None { get; } = new(null, null, null);

    /// <summary>Reads a body; <see cref="None"/> if it is no JSON.</summary>
    public static ErrorBody Parse(BinaryData body)
    {
        try
        {
            return Read(JsonElement.Parse(body.ToMemory().Span));
        }
        catch (JsonException)
        {
            return None;
        }
    }

    /// <summary>Reads the body's JSON, or the value of its <c>error</c>.</summary>
    public static ErrorBody Read(JsonElement body)
    {
        // Google wraps the object into an array, OpenAI into "error"; FastAPI says "detail", Mistral puts that into "message".
        var root = body.ValueKind == JsonValueKind.Array ? Json.Items(body).FirstOrDefault() : body;
        var error = Json.Property(root, "error") is { ValueKind: JsonValueKind.Object or JsonValueKind.String } inner ? inner : root;
        var message = error.ValueKind == JsonValueKind.String ? error.GetString()
            : Json.String(error, "message") ?? Detail(error) ?? Detail(Json.Property(error, "message"));
        var status = Json.Int(error, "code") ?? Json.Int(error, "status");
        return new ErrorBody(message, Json.String(error, "code") ?? Json.String(error, "type"), status is >= 400 and < 600 ? status : null);
    }

    public ProviderException ToException(int? statusCode, TimeSpan? retryAfter = null, string? apiKey = null)
    {
        var status = statusCode ?? Status;
        var words = apiKey is null ? Message : Message?.Replace(apiKey, "•••", StringComparison.Ordinal);
        return new ProviderException(KindOf(status), words, status, retryAfter);
    }

    private static string? Detail(JsonElement error) =>
        Json.String(error, "detail") ?? Json.String(Json.Items(Json.Property(error, "detail")).FirstOrDefault(), "msg");

    // The body is asked before the status: services put the same thing under 400, 404, 413, 422, 429 and 500.
    private ProviderErrorKind KindOf(int? status) => status switch
    {
        _ when Says("context_length_exceeded", "context length", "context window", "context size", "maximum context", "prompt is too long") =>
            ProviderErrorKind.ContextTooLong,
        _ when Says("content_filter", "content_policy", "content management policy") => ProviderErrorKind.ContentRefused,
        402 => ProviderErrorKind.PaymentRequired,
        _ when Says("insufficient_quota", "insufficient balance", "insufficient_balance", "billing_hard_limit", "credit balance") =>
            ProviderErrorKind.PaymentRequired,
        401 => ProviderErrorKind.Unauthorized,
        403 => ProviderErrorKind.Forbidden,
        400 or 404 or 422 or null when IsAboutTheModel() => ProviderErrorKind.ModelNotFound,
        _ when Says("invalid_api_key") => ProviderErrorKind.Unauthorized,
        408 => ProviderErrorKind.TimedOut,
        429 => ProviderErrorKind.RateLimited,
        _ when Says("rate_limit_exceeded") => ProviderErrorKind.RateLimited,
        404 or 405 or 410 or (>= 300 and < 400) => ProviderErrorKind.EndpointNotFound,
        _ when Says("unexpected endpoint") => ProviderErrorKind.EndpointNotFound,
        >= 400 and < 500 => ProviderErrorKind.InvalidRequest,
        _ => ProviderErrorKind.ServiceFailed,
    };

    private bool IsAboutTheModel() =>
        Says("model_not_found", "model not found", "unknown model", "not a valid model", "invalid model")
        || (Message is { } words && words.Contains("model", StringComparison.OrdinalIgnoreCase) && Says("not found", "does not exist", "not exist", "no such"));

    private bool Says(params ReadOnlySpan<string> phrases)
    {
        foreach (var phrase in phrases)
        {
            if (Code?.Contains(phrase, StringComparison.OrdinalIgnoreCase) == true || Message?.Contains(phrase, StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }
}
