using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Calango.Core.Models;

/// <summary>
/// Tells services apart by what only they answer. Sources: Ollama docs/api.md (/api/version, /api/tags), llama.cpp
/// tools/server/README.md (/props), lmstudio.ai docs (REST API /api/v0/models), vLLM's model list (owned_by), localai.io
/// (/system), LiteLLM's docs (/health/liveliness), Jan's API description (/openapi.json).
/// </summary>
internal static partial class ServiceRecognition
{
    /// <summary>What answers at a place; null: no model service.</summary>
    public static async Task<RecognisedService?> RecogniseAsync(ServiceProbe probe, CancellationToken cancellationToken)
    {
        var models = await probe.ModelsAsync(cancellationToken);
        if (models.Status is null)
        {
            return null;
        }

        var ollama = OllamaAsync(probe, cancellationToken);
        var others = await Task.WhenAll(
            LmStudioAsync(probe, cancellationToken),
            LlamaServerAsync(probe, cancellationToken),
            LocalAiAsync(probe, cancellationToken),
            LiteLlmAsync(probe, cancellationToken),
            JanAsync(probe, cancellationToken));
        if (await ollama is { } found)
        {
            return found;
        }

        var listed = models.Array("data");
        var needsKey = models.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && models.Json is { ValueKind: JsonValueKind.Object };
        if (listed is null && !needsKey)
        {
            return null;
        }

        var product = Array.Find(others, other => other is not null) ?? ByOwner(listed);
        // A page that refuses strangers in JSON may be anything: only a known product counts then.
        return product is null && listed is null ? null : new RecognisedService(product?.Name ?? "OpenAI-compatible", product?.PresetId ?? "", listed?.Count, needsKey);
    }

    private static async Task<RecognisedService?> OllamaAsync(ServiceProbe probe, CancellationToken cancellationToken)
    {
        var version = probe.GetAsync("api/version", cancellationToken);
        var tags = await probe.GetAsync("api/tags", cancellationToken);
        return (await version).Text("version") is not null && tags.Array("models") is { } models ? new RecognisedService("Ollama", "ollama", models.Count, false) : null;
    }

    private static async Task<Product?> LmStudioAsync(ServiceProbe probe, CancellationToken cancellationToken) =>
        (await probe.GetAsync("api/v0/models", cancellationToken)).Array("data") is not null ? new Product("LM Studio", "lm-studio") : null;

    private static async Task<Product?> LlamaServerAsync(ServiceProbe probe, CancellationToken cancellationToken) =>
        (await probe.GetAsync("props", cancellationToken))["default_generation_settings"] is not null ? new Product("llama-server", "llama-cpp") : null;

    private static async Task<Product?> LocalAiAsync(ServiceProbe probe, CancellationToken cancellationToken) =>
        (await probe.GetAsync("system", cancellationToken)) is var system && system.Array("backends") is not null && system.Array("loaded_models") is not null
            ? new Product("LocalAI", "") : null;

    private static async Task<Product?> LiteLlmAsync(ServiceProbe probe, CancellationToken cancellationToken) =>
        (await probe.GetAsync("health/liveliness", cancellationToken)) is { Status: HttpStatusCode.OK, Json: { ValueKind: JsonValueKind.String } alive }
        && alive.GetString() == "I'm alive!" ? new Product("LiteLLM", "litellm") : null;

    private static async Task<Product?> JanAsync(ServiceProbe probe, CancellationToken cancellationToken) =>
        (await probe.GetAsync("openapi.json", cancellationToken))["info"] is { ValueKind: JsonValueKind.Object } info
        && info.TryGetProperty("title", out var title) && title.ValueKind == JsonValueKind.String
        && Jan().IsMatch(title.GetString()!) ? new Product("Jan", "") : null;

    private static Product? ByOwner(IReadOnlyList<JsonElement>? models) => OwnerOf(models) switch
    {
        "vllm" => new Product("vLLM", "vllm"),
        "llamacpp" => new Product("llama-server", "llama-cpp"),
        _ => null,
    };

    private static string? OwnerOf(IReadOnlyList<JsonElement>? models) =>
        models is [{ ValueKind: JsonValueKind.Object } first, ..] && first.TryGetProperty("owned_by", out var owner) && owner.ValueKind == JsonValueKind.String
            ? owner.GetString() : null;

    [GeneratedRegex(@"\bJan\b", RegexOptions.CultureInvariant)]
    private static partial Regex Jan();

    private sealed record Product(string Name, string PresetId);
}

/// <summary>A service that was recognised.</summary>
internal sealed record RecognisedService(string Name, string PresetId, int? ModelCount, bool NeedsKey);
