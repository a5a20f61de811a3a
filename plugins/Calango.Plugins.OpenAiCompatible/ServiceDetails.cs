using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>What a service says of a model outside the protocol's list.</summary>
internal sealed record ModelDetails(
    bool IsChat = true,
    int? ContextTokens = null,
    int? MaxOutputTokens = null,
    decimal? InputPrice = null,
    decimal? OutputPrice = null,
    bool OnPremises = false,
    bool IsEmbedding = false,
    bool? SeesPictures = null)
{
    public static ModelDetails Unknown { get; } = new();
}

/// <summary>
/// Asks LiteLLM, Ollama, LM Studio, llama.cpp's server and vLLM for what the protocol's list lacks. Which one it is
/// shows in the list's owner, not in the port. Whatever fails here is left unknown: the list itself is good.
/// </summary>
internal sealed partial class ServiceDetails(Service service, HttpClient http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Uri _root = ServiceAddress.RootOf(service.Address);

    public async Task<IReadOnlyDictionary<string, ModelDetails>> OfAsync(IReadOnlyList<JsonElement> entries, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return entries.Select(OwnerOf).ToHashSet(StringComparer.Ordinal) switch
            {
                var owners when owners.Contains("vllm") => entries.ToDictionary(IdOf, _ => new ModelDetails(OnPremises: IsHere), StringComparer.Ordinal),
                var owners when owners.Contains("llamacpp") => await LlamaServerAsync(entries, patience.Token).ConfigureAwait(false),
                var owners when owners.Contains("library") => await OllamaAsync(entries, patience.Token).ConfigureAwait(false),
                var owners when owners.Contains("organization_owner") => await LmStudioAsync(patience.Token).ConfigureAwait(false),
                var owners when owners.SetEquals(["openai"]) && !service.LimitsByMaxCompletionTokens => await LiteLlmAsync(patience.Token).ConfigureAwait(false),
                _ => new Dictionary<string, ModelDetails>(StringComparer.Ordinal),
            };
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new Dictionary<string, ModelDetails>(StringComparer.Ordinal);
        }
    }

    /// <summary>A known local server on loopback runs its models on this machine. A gateway on loopback may not, so its models don't count.</summary>
    private bool IsHere => service.Address.IsLoopback;

    // llama.cpp: GET /props gives the window of one slot, and what the model takes. A router's models have windows of their own.
    private async Task<Dictionary<string, ModelDetails>> LlamaServerAsync(IReadOnlyList<JsonElement> entries, CancellationToken cancellationToken)
    {
        var props = entries.Count == 1 ? await GetAsync("props", cancellationToken).ConfigureAwait(false) : default;
        var details = new ModelDetails(
            ContextTokens: Json.Int(Json.Property(props, "default_generation_settings"), "n_ctx"), OnPremises: IsHere, SeesPictures: Json.Bool(Json.Property(props, "modalities"), "vision"));
        return entries.ToDictionary(IdOf, _ => details, StringComparer.Ordinal);
    }

    // Ollama: GET /api/ps gives the window of a model that is loaded, POST /api/show the one it is set to or was trained with.
    private async Task<ConcurrentDictionary<string, ModelDetails>> OllamaAsync(IReadOnlyList<JsonElement> entries, CancellationToken cancellationToken)
    {
        var running = await GetAsync("api/ps", cancellationToken).ConfigureAwait(false);
        var loaded = Json.Items(Json.Property(running, "models")).ToLookup(model => Json.String(model, "model"), model => Json.Int(model, "context_length"), StringComparer.Ordinal);
        var details = new ConcurrentDictionary<string, ModelDetails>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(entries.Select(IdOf), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (id, token) =>
        {
            var shown = await ShowAsync(id, token).ConfigureAwait(false);
            var capabilities = Json.Items(Json.Property(shown, "capabilities")).Select(capability => capability.GetString()).ToList();
            details[id] = new ModelDetails(
                IsChat: capabilities.Count == 0 || capabilities.Contains("completion", StringComparer.Ordinal),
                ContextTokens: loaded[id].FirstOrDefault() ?? ConfiguredContext(shown) ?? TrainedContext(shown),
                // A cloud model is listed like a local one, and runs elsewhere.
                OnPremises: IsHere && Json.String(shown, "remote_host") is null or "",
                IsEmbedding: capabilities.Contains("embedding", StringComparer.Ordinal),
                SeesPictures: capabilities.Count == 0 ? null : capabilities.Contains("vision", StringComparer.Ordinal));
        }).ConfigureAwait(false);
        return details;
    }

    // LM Studio: GET /api/v0/models has each model's type and window.
    private async Task<Dictionary<string, ModelDetails>> LmStudioAsync(CancellationToken cancellationToken)
    {
        var models = await GetAsync("api/v0/models", cancellationToken).ConfigureAwait(false);
        return Json.Items(Json.Property(models, "data")).Where(model => IdOf(model).Length > 0).ToDictionary(IdOf, model => new ModelDetails(
            IsChat: Json.String(model, "type") is not "embeddings",
            ContextTokens: Json.Int(model, "loaded_context_length") ?? Json.Int(model, "max_context_length"),
            OnPremises: IsHere,
            IsEmbedding: Json.String(model, "type") is "embeddings",
            SeesPictures: Json.String(model, "type") switch { "vlm" => true, "llm" => false, _ => null }), StringComparer.Ordinal);
    }

    // LiteLLM: GET /model/info has windows and prices a token. A model may stand there once for each deployment behind it.
    private async Task<Dictionary<string, ModelDetails>> LiteLlmAsync(CancellationToken cancellationToken)
    {
        var models = await GetAsync("model/info", cancellationToken).ConfigureAwait(false);
        return (from model in Json.Items(Json.Property(models, "data"))
                let info = Json.Property(model, "model_info")
                group new ModelDetails(
                    IsChat: Json.String(info, "mode") is null or "chat" or "responses" or "completion",
                    ContextTokens: Json.Int(info, "max_input_tokens") ?? Json.Int(info, "max_tokens"),
                    MaxOutputTokens: Json.Int(info, "max_output_tokens"),
                    InputPrice: ModelListing.PerMillion(Json.Decimal(info, "input_cost_per_token")),
                    OutputPrice: ModelListing.PerMillion(Json.Decimal(info, "output_cost_per_token")),
                    IsEmbedding: Json.String(info, "mode") is "embedding",
                    SeesPictures: Json.Bool(info, "supports_vision")) by Json.String(model, "model_name") ?? "")
            .ToDictionary(deployments => deployments.Key, deployments => deployments.First(), StringComparer.Ordinal);
    }

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_root, path));
        return await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<JsonElement> ShowAsync(string model, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_root, "api/show"));
        request.Content = new StringContent($"{{\"model\":\"{JsonEncodedText.Encode(model)}\"}}", MediaTypeHeaderValue.Parse("application/json"));
        return await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = service.ApiKey is null ? null : new AuthenticationHeaderValue("Bearer", service.ApiKey);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)) : default;
    }

    // "num_ctx 8192" on a line of its own: what the model's file sets.
    private static int? ConfiguredContext(JsonElement shown) =>
        Json.String(shown, "parameters") is { } parameters && NumCtx().Match(parameters) is { Success: true } match
            ? int.Parse(match.Groups["tokens"].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    // The key is named after the architecture: "llama.context_length".
    private static int? TrainedContext(JsonElement shown) =>
        Json.Property(shown, "model_info") is { ValueKind: JsonValueKind.Object } info
            && info.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => name.EndsWith(".context_length", StringComparison.Ordinal)) is { } name
            ? Json.Int(info, name)
            : null;

    private static string OwnerOf(JsonElement entry) => Json.String(entry, "owned_by") ?? "";

    private static string IdOf(JsonElement entry) => Json.String(entry, "id") ?? "";

    [GeneratedRegex(@"^num_ctx\s+(?<tokens>\d{1,9})\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumCtx();
}
