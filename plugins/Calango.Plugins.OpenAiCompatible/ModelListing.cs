using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.RegularExpressions;
using Calango.Sdk;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>The models of one service: the protocol's list, and what the service says of each in ways of its own.</summary>
internal sealed partial class ModelListing(Service service, HttpClient http)
{
    private const decimal Million = 1_000_000m;

    public async Task<IReadOnlyList<ModelInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var entries = await EntriesAsync(cancellationToken).ConfigureAwait(false);
        var details = await new ServiceDetails(service, http).OfAsync(entries, cancellationToken).ConfigureAwait(false);
        return [.. from entry in entries
            let id = Json.String(entry, "id")
            let detail = details.GetValueOrDefault(id, ModelDetails.Unknown)
            where IsChat(entry, id) && detail.IsChat
            select new ModelInfo(
                id,
                Json.String(entry, "name") ?? Json.String(entry, "display_name") ?? id,
                detail.ContextTokens ?? ContextTokens(entry),
                detail.MaxOutputTokens ?? MaxOutputTokens(entry),
                detail.InputPrice ?? Price(entry, "prompt"),
                detail.OutputPrice ?? Price(entry, "completion"),
                detail.OnPremises)
            {
                SeesPictures = detail.SeesPictures ?? SeesPictures(entry),
            }];
    }

    /// <summary>Those that embed: by what the service says of them, or by names that are known.</summary>
    public async Task<IReadOnlyList<EmbeddingModelInfo>> ListEmbeddingsAsync(CancellationToken cancellationToken)
    {
        var entries = await EntriesAsync(cancellationToken).ConfigureAwait(false);
        var details = await new ServiceDetails(service, http).OfAsync(entries, cancellationToken).ConfigureAwait(false);
        return [.. from entry in entries
            let id = Json.String(entry, "id")
            let detail = details.GetValueOrDefault(id, ModelDetails.Unknown)
            let known = KnownEmbedder.Of(id)
            where detail.IsEmbedding || known is not null || Json.String(entry, "type") is "embedding" or "embeddings" || ForEmbeddings().IsMatch(id)
            select new EmbeddingModelInfo(
                id,
                Json.String(entry, "name") ?? Json.String(entry, "display_name") ?? id,
                KnownEmbedder.SafeWindow(known?.WindowTokens ?? detail.ContextTokens ?? ContextTokens(entry) ?? 0),
                known?.Dimensions ?? 0,
                "",
                known?.Languages ?? [],
                detail.OnPremises)];
    }

    /// <summary>Those that judge texts: by what the service says of them, or by their names.</summary>
    public async Task<IReadOnlyList<ModelInfo>> ListRerankersAsync(CancellationToken cancellationToken) =>
        [.. from entry in await EntriesAsync(cancellationToken).ConfigureAwait(false)
            let id = Json.String(entry, "id")
            where Json.String(entry, "type") is "rerank" || ForReranking().IsMatch(id)
            select new ModelInfo(id, Json.String(entry, "name") ?? Json.String(entry, "display_name") ?? id)];

    /// <summary>A price for one token as a price for a million; a negative one means that it varies.</summary>
    internal static decimal? PerMillion(decimal? price) => price >= 0 ? price * Million : null;

    private async Task<IReadOnlyList<JsonElement>> EntriesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await service.ModelClient(http).GetModelsAsync(new RequestOptions { CancellationToken = cancellationToken }).ConfigureAwait(false);
            var body = JsonElement.Parse(answer.GetRawResponse().Content.ToMemory().Span);
            // Most answer {"data":[…]}; Together answers the bare array.
            var list = body.ValueKind == JsonValueKind.Array ? body : Json.Property(body, "data");
            return list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Where(entry => Json.String(entry, "id") is { Length: > 0 }).DistinctBy(entry => Json.String(entry, "id"))]
                : Json.Property(body, "error").ValueKind is JsonValueKind.Object or JsonValueKind.String ? throw ErrorBody.Read(body).ToException(statusCode: null, apiKey: service.ApiKey)
                : throw new ProviderException(ProviderErrorKind.UnexpectedFormat);
        }
        catch (Exception exception)
        {
            throw Failures.From(exception, service.ApiKey, cancellationToken);
        }
    }

    // What kind a model is, as Together, Azure, Mistral and OpenRouter say it; where nothing is said, a name can be plain enough.
    private static bool IsChat(JsonElement entry, string id)
    {
        var capabilities = Json.Property(entry, "capabilities");
        var outputs = Json.Property(Json.Property(entry, "architecture"), "output_modalities");
        return Json.String(entry, "type") is not ("embedding" or "embeddings" or "rerank" or "image" or "audio" or "moderation" or "transcribe" or "video")
            && !Json.IsFalse(capabilities, "chat_completion")
            && !Json.IsFalse(capabilities, "completion_chat")
            && (outputs.ValueKind != JsonValueKind.Array || Json.Items(outputs).Any(output => output.ValueEquals("text"u8)))
            && !NotForChat().IsMatch(id);
    }

    // As OpenRouter and Mistral say it.
    private static bool? SeesPictures(JsonElement entry)
    {
        var inputs = Json.Property(Json.Property(entry, "architecture"), "input_modalities");
        return inputs.ValueKind == JsonValueKind.Array ? Json.Items(inputs).Any(input => input.ValueEquals("image"u8)) : Json.Bool(Json.Property(entry, "capabilities"), "vision");
    }

    private static int? ContextTokens(JsonElement entry) =>
        Json.Int(entry, "context_length") ?? Json.Int(entry, "max_model_len") ?? Json.Int(entry, "context_window") ?? Json.Int(entry, "max_context_length");

    private static int? MaxOutputTokens(JsonElement entry) =>
        Json.Int(Json.Property(entry, "top_provider"), "max_completion_tokens") ?? Json.Int(entry, "max_completion_tokens") ?? Json.Int(entry, "max_output_tokens");

    private static decimal? Price(JsonElement entry, string name) => PerMillion(Json.Decimal(Json.Property(entry, "pricing"), name));

    [GeneratedRegex("(^|[-_/.])embed(ding)?s?([-_/.:]|$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ForEmbeddings();

    [GeneratedRegex("(^|[-_/.])rerank(er|ing)?([-_/.:]|$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ForReranking();

    [GeneratedRegex("(^|[-_/.])(embed(ding)?s?|whisper|tts|dall-e|moderation|rerank(er)?|transcribe)([-_/.:]|$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotForChat();
}
