using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.Weaviate;

/// <summary>What the server said.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">Its JSON; <see cref="JsonValueKind.Undefined"/>: there was none.</param>
/// <param name="Key">The key, which nothing that is shown may have inside.</param>
internal sealed record Answer(int Status, JsonElement Body, string? Key)
{
    public bool IsGood => Status is >= 200 and < 300;

    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.UnexpectedFormat"/>: it is something else than JSON, as only other services answer.</exception>
    public static Answer Of(int status, byte[] body, string? key)
    {
        try
        {
            return new Answer(status, body.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(body), key);
        }
        catch (JsonException)
        {
            // An error may be a proxy's page.
            return status is >= 200 and < 300 ? throw new ProviderException(ProviderErrorKind.UnexpectedFormat) : new Answer(status, default, key);
        }
    }

    /// <summary>A member that a good answer has.</summary>
    /// <exception cref="ProviderException">It is not good, or has it not.</exception>
    public JsonElement Require(string name) => !IsGood ? throw ToException()
        : Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var member) ? member
        : throw new ProviderException(ProviderErrorKind.UnexpectedFormat);

    /// <summary>What is thrown for it.</summary>
    public ProviderException ToException() => new(
        Status switch
        {
            401 => ProviderErrorKind.Unauthorized,
            403 => ProviderErrorKind.Forbidden,
            404 or (>= 300 and < 400) => ProviderErrorKind.EndpointNotFound,
            429 => ProviderErrorKind.RateLimited,
            >= 500 => ProviderErrorKind.ServiceFailed,
            _ => ProviderErrorKind.InvalidRequest,
        },
        Said() is { } said ? Hide(said) : null,
        Status);

    /// <summary>The key is taken out of whatever it said.</summary>
    public string Hide(string said) => Key is null ? said : said.Replace(Key, "…", StringComparison.Ordinal);

    // {"error":[{"message":…}]} of REST, {"errors":[{"message":…}]} of GraphQL, {"code":…,"message":…} of the door.
    private string? Said()
    {
        if (Body.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var list = Body.TryGetProperty("error", out var rest) ? rest : Body.TryGetProperty("errors", out var graph) ? graph : default;
        var holder = list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 ? list[0] : Body;
        return holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String ? message.GetString() : null;
    }
}
