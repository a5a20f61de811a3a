using System.Text.Json;
using System.Text.Json.Serialization;

namespace Calango.Plugins.LocalModels.Worker.OpenAi;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ReadyLine))]
internal sealed partial class WorkerJson : JsonSerializerContext;

// What is read of a request; fields that this worker has no use for are ignored.
internal sealed record ChatRequest(
    IReadOnlyList<RequestMessage>? Messages,
    bool? Stream,
    StreamOptions? StreamOptions,
    float? Temperature,
    float? TopP,
    int? MaxTokens,
    int? MaxCompletionTokens,
    JsonElement? Stop,
    long? Seed,
    float? FrequencyPenalty,
    float? PresencePenalty,
    int? N);

internal sealed record RequestMessage(string? Role, JsonElement? Content);

internal sealed record StreamOptions(bool? IncludeUsage);

// Both forms of an answer: whole, with messages, or a chunk of a stream, with deltas.
internal sealed record ChatCompletion(
    string Id, string Object, long Created, string Model, IReadOnlyList<Choice> Choices, Usage? Usage);

internal sealed record Choice(int Index, AnswerMessage? Message, AnswerMessage? Delta, string? FinishReason);

internal sealed record AnswerMessage(string? Role, string? Content);

internal sealed record Usage(int PromptTokens, int CompletionTokens, int TotalTokens, PromptDetails PromptTokensDetails);

internal sealed record PromptDetails(int CachedTokens);

internal sealed record ModelList(string Object, IReadOnlyList<ModelEntry> Data);

// context_length is not OpenAI's; local servers commonly add it.
internal sealed record ModelEntry(string Id, string Object, long Created, string OwnedBy, int ContextLength);

internal sealed record ErrorBody(Error Error);

internal sealed record Error(string Message, string Type, string? Param, string Code);
