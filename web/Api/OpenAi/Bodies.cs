using System.Text.Json;
using System.Text.Json.Serialization;

namespace Calango.Web.Api.OpenAi;

// How the bodies of /v1 look, for the document of the API: they are read with the way to what is wrong in them, and written as they
// come.

/// <summary>What is asked of a model.</summary>
internal sealed record ChatRequestBody(
    string Model,
    IReadOnlyList<ChatMessageBody> Messages,
    bool? Stream,
    [property: JsonPropertyName("stream_options")] StreamOptionsBody? StreamOptions,
    double? Temperature,
    [property: JsonPropertyName("top_p")] double? TopP,
    [property: JsonPropertyName("max_completion_tokens")] int? MaxCompletionTokens,
    JsonElement? Stop,
    long? Seed,
    IReadOnlyList<ToolBody>? Tools,
    [property: JsonPropertyName("tool_choice")] JsonElement? ToolChoice,
    [property: JsonPropertyName("response_format")] JsonElement? ResponseFormat,
    [property: JsonPropertyName("reasoning_effort")] string? ReasoningEffort);

/// <summary>A message.</summary>
internal sealed record ChatMessageBody(
    string Role,
    JsonElement? Content,
    [property: JsonPropertyName("tool_calls")] IReadOnlyList<ToolCallBody>? ToolCalls,
    [property: JsonPropertyName("tool_call_id")] string? ToolCallId);

/// <summary>What a stream has besides the answer.</summary>
internal sealed record StreamOptionsBody([property: JsonPropertyName("include_usage")] bool? IncludeUsage);

/// <summary>A tool that the model may call.</summary>
internal sealed record ToolBody(string Type, FunctionBody Function);

/// <summary>What is known of a tool.</summary>
internal sealed record FunctionBody(string Name, string? Description, JsonElement? Parameters);

/// <summary>A call of a tool.</summary>
internal sealed record ToolCallBody(string Id, string Type, CalledFunctionBody Function);

/// <summary>Which tool, and with what.</summary>
internal sealed record CalledFunctionBody(string Name, string Arguments);

/// <summary>An answer.</summary>
internal sealed record ChatCompletion(string Id, string Object, long Created, string Model, IReadOnlyList<ChoiceBody> Choices, UsageBody Usage);

/// <summary>The answer itself.</summary>
internal sealed record ChoiceBody(int Index, AnswerMessageBody Message, [property: JsonPropertyName("finish_reason")] string FinishReason);

/// <summary>What the model says.</summary>
internal sealed record AnswerMessageBody(
    string Role,
    string? Content,
    [property: JsonPropertyName("reasoning_content")] string? ReasoningContent,
    [property: JsonPropertyName("tool_calls")] IReadOnlyList<ToolCallBody>? ToolCalls);

/// <summary>What it took.</summary>
internal sealed record UsageBody(
    [property: JsonPropertyName("prompt_tokens")] int PromptTokens,
    [property: JsonPropertyName("completion_tokens")] int CompletionTokens,
    [property: JsonPropertyName("total_tokens")] int TotalTokens);

/// <summary>Texts to be turned into vectors.</summary>
internal sealed record EmbeddingsRequestBody(string Model, JsonElement Input, [property: JsonPropertyName("encoding_format")] string? EncodingFormat, int? Dimensions);

/// <summary>Vectors.</summary>
internal sealed record EmbeddingList(string Object, IReadOnlyList<EmbeddingBody> Data, string Model, UsageBody Usage);

/// <summary>The vector of a text.</summary>
internal sealed record EmbeddingBody(string Object, int Index, IReadOnlyList<float> Embedding);
