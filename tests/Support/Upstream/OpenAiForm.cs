namespace Calango.Tests.Support.Upstream;

/// <summary>OpenAI's chat completions.</summary>
internal sealed class OpenAiForm(UpstreamRequest request, UpstreamReply reply) : ReplyForm(request, reply)
{
    public override string HalfEvent => "data: {\"choices\":[{\"delta\":{\"con";

    public override IEnumerable<UpstreamEvent> Token(string text, bool isReasoning)
    {
        var field = isReasoning ? Reply.ReasoningField : Reply.Refusal is null ? "content" : "refusal";
        return [Choice($$"""{"{{field}}":{{Json(text)}}}""")];
    }

    public override IEnumerable<UpstreamEvent> End()
    {
        if (CallsTool)
        {
            yield return Choice($$$"""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":{{{Json(Reply.Tool!)}}},"arguments":""}}]}""");
            foreach (var piece in Reply.ToolArguments.Chunk(4))
            {
                yield return Choice($$$"""{"tool_calls":[{"index":0,"function":{"arguments":{{{Json(new string(piece))}}}}}]}""");
            }
        }

        if (Reply.FinishReason is not null)
        {
            yield return Choice("{}", CallsTool ? "tool_calls" : Reply.FinishReason);
        }

        if (Reply.Usage ?? AsksForUsage())
        {
            yield return Chunk("[]", $",\"usage\":{UpstreamBodies.Usage(Reply)}");
        }

        if (Reply.FinishReason is not null)
        {
            yield return new UpstreamEvent(null, "[DONE]");
        }
    }

    public override UpstreamEvent Error() => new(null, UpstreamBodies.Error(Reply));

    private bool AsksForUsage() =>
        Request.Body.TryGetProperty("stream_options", out var options)
        && options.TryGetProperty("include_usage", out var include) && include.GetBoolean();

    private UpstreamEvent Choice(string delta, string? finishReason = null) =>
        Chunk($$"""[{"index":0,"delta":{{delta}},"finish_reason":{{(finishReason is null ? "null" : Json(finishReason))}}}]""");

    private UpstreamEvent Chunk(string choices, string more = "") =>
        new(null, $$"""{"id":"chatcmpl-scripted","object":"chat.completion.chunk","created":1700000000,"model":{{Json(Request.Model)}},"choices":{{choices}}{{more}}}""");
}
