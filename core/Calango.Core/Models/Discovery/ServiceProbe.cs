using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>Asks one place questions. Whatever goes wrong is an answer too: none.</summary>
internal sealed class ServiceProbe(HttpClient client, Uri root, string path, string? key)
{
    private string ApiPath => path.Length > 0 ? path : "v1";

    /// <summary>The model list of the OpenAI protocol.</summary>
    public Task<ProbeAnswer> ModelsAsync(CancellationToken cancellationToken) => GetAsync($"{ApiPath}/models", cancellationToken);

    public async Task<ProbeAnswer> GetAsync(string relative, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, relative));
            request.Headers.Authorization = key is { Length: > 0 } ? new AuthenticationHeaderValue("Bearer", key) : null;
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return new ProbeAnswer(response.StatusCode, await JsonOfAsync(response, cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or ProviderException or FormatException)
        {
            return ProbeAnswer.None;
        }
    }

    private static async Task<JsonElement?> JsonOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What a place answered.</summary>
/// <param name="Status">The status; null: nothing came.</param>
/// <param name="Json">The body, if it was JSON.</param>
internal sealed record ProbeAnswer(HttpStatusCode? Status, JsonElement? Json)
{
    public static readonly ProbeAnswer None = new(null, null);

    /// <summary>A member of a good answer's object.</summary>
    public JsonElement? this[string name] =>
        Status == HttpStatusCode.OK && Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var value) ? value : null;

    /// <summary>An array in a good answer.</summary>
    public IReadOnlyList<JsonElement>? Array(string name) => this[name] is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : null;

    /// <summary>A string in a good answer.</summary>
    public string? Text(string name) => this[name] is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
