using Calango.Core.Errors;
using Microsoft.Extensions.AI;

namespace Calango.Web.Api.OpenAi;

/// <summary>
/// The body of <c>POST /v1/chat/completions</c> (platform.openai.com/docs/api-reference/chat/create). What would change the answer
/// and cannot be passed on is refused; what only concerns OpenAI's own house is passed over.
/// </summary>
/// <param name="Model">The model's name.</param>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">How it is to be answered.</param>
/// <param name="Streams">Whether the answer is sent as it comes.</param>
/// <param name="TellsUsage">Whether a stream ends with what it took.</param>
internal sealed record ChatRequest(string Model, IReadOnlyList<ChatMessage> Messages, ChatOptions Options, bool Streams, bool TellsUsage)
{
    private const int MaxModelLength = 500;
    private const int MostStops = 16;
    private static readonly string[] Refused = ["functions", "function_call", "audio", "prediction", "web_search_options"];

    /// <exception cref="RejectedException">It cannot be understood, or asks for what there is not.</exception>
    public static ChatRequest Parse(JsonInput body)
    {
        foreach (var name in Refused)
        {
            if (body[name] is { } there)
            {
                throw there.NotSupported();
            }
        }

        if (body["n"] is { } count && count.Whole(1, 128) != 1)
        {
            throw count.NotSupported();
        }

        if (body["logprobs"] is { } wanted && wanted.Flag())
        {
            throw wanted.NotSupported();
        }

        var streams = body["stream"]?.Flag() ?? false;
        return new ChatRequest(
            body.Needed("model").Text(MaxModelLength), ChatMessages.Parse(body.Needed("messages")), OptionsOf(body), streams,
            body["stream_options"]?["include_usage"]?.Flag() ?? false);
    }

    private static ChatOptions OptionsOf(JsonInput body) => new()
    {
        Temperature = (float?)body["temperature"]?.Number(0, 2),
        TopP = (float?)body["top_p"]?.Number(0, 1),
        FrequencyPenalty = (float?)body["frequency_penalty"]?.Number(-2, 2),
        PresencePenalty = (float?)body["presence_penalty"]?.Number(-2, 2),
        MaxOutputTokens = (int?)(body["max_completion_tokens"] ?? body["max_tokens"])?.Whole(1, int.MaxValue),
        Seed = body["seed"]?.Whole(long.MinValue, long.MaxValue),
        StopSequences = StopsOf(body["stop"]),
        ResponseFormat = FormatOf(body["response_format"]),
        Reasoning = body["reasoning_effort"] is { } effort ? new ReasoningOptions { Effort = EffortOf(effort) } : null,
        Tools = ChatTools.Parse(body["tools"]),
        ToolMode = ChatTools.ParseChoice(body["tool_choice"]),
        AllowMultipleToolCalls = body["parallel_tool_calls"]?.Flag(),
    };

    private static List<string>? StopsOf(JsonInput? stop)
    {
        if (stop is not { } given)
        {
            return null;
        }

        var stops = given.IsText ? [given.Text()] : given.Items().Select(item => item.Text()).ToList();
        return stops.Count <= MostStops ? stops : throw given.NotSupported();
    }

    private static ChatResponseFormat? FormatOf(JsonInput? format)
    {
        if (format is not { } given)
        {
            return null;
        }

        var type = given.Needed("type");
        return type.Text() switch
        {
            "text" => null,
            "json_object" => ChatResponseFormat.Json,
            "json_schema" when given.Needed("json_schema") is var schema =>
                ChatResponseFormat.ForJsonSchema(schema.Needed("schema").Object(), schema.Needed("name").Text(64), schema["description"]?.Text()),
            _ => throw type.NotSupported(),
        };
    }

    private static ReasoningEffort EffortOf(JsonInput effort) => effort.Text() switch
    {
        "none" => ReasoningEffort.None,
        "minimal" or "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        "xhigh" => ReasoningEffort.ExtraHigh,
        _ => throw effort.NotSupported(),
    };
}
