using System.Text.Json;

namespace Calango.Tests.Support.Upstream;

/// <summary>Anthropic's Messages: an answer is a row of blocks, one kind each, opened and closed.</summary>
internal sealed class AnthropicForm(UpstreamRequest request, UpstreamReply reply) : ReplyForm(request, reply)
{
    private int _block = -1;
    private string? _open;

    public override string HalfEvent => "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"del";

    /// <summary>The type is the script's code, else the one that goes with its status.</summary>
    public static string ErrorBody(UpstreamReply reply)
    {
        var type = reply.ErrorCode ?? reply.Status switch
        {
            400 or 422 => "invalid_request_error",
            401 => "authentication_error",
            402 => "billing_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            529 => "overloaded_error",
            _ => "api_error",
        };
        return JsonSerializer.Serialize(new { type = "error", error = new { type, message = reply.ErrorMessage } });
    }

    public override IEnumerable<UpstreamEvent> Begin()
    {
        yield return Event("message_start", $$$"""
            "message":{"id":"msg_scripted","type":"message","role":"assistant","model":{{{Json(Request.Model)}}},"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":4,"cache_creation_input_tokens":0,"cache_read_input_tokens":3,"output_tokens":1}}
            """);
        yield return Event("ping", null);
    }

    public override IEnumerable<UpstreamEvent> Token(string text, bool isReasoning) =>
        isReasoning
            ? [.. Open("thinking", """{"type":"thinking","thinking":"","signature":""}"""), Delta($$"""{"type":"thinking_delta","thinking":{{Json(text)}}}""")]
            : [.. Open("text", """{"type":"text","text":""}"""), Delta($$"""{"type":"text_delta","text":{{Json(text)}}}""")];

    public override IEnumerable<UpstreamEvent> End()
    {
        var calls = CallsTool;
        if (calls)
        {
            foreach (var part in (IEnumerable<UpstreamEvent>)
                [
                    .. Open("tool_use", $$$"""{"type":"tool_use","id":"toolu_1","name":{{{Json(Reply.Tool!)}}},"input":{}}"""),
                    .. Reply.ToolArguments.Chunk(4).Select(piece => Delta($$"""{"type":"input_json_delta","partial_json":{{Json(new string(piece))}}}""")),
                ])
            {
                yield return part;
            }
        }

        // A reply without a reason ends in the middle of its last block.
        if (Reply.FinishReason is not { } reason)
        {
            yield break;
        }

        foreach (var part in Close())
        {
            yield return part;
        }

        yield return Event("message_delta", $$$"""
            "delta":{"stop_reason":{{{Json(calls ? "tool_use" : StopReason(reason))}}},"stop_sequence":null},"usage":{"output_tokens":{{{Reply.Tokens}}}}
            """);
        yield return Event("message_stop", null);
    }

    public override UpstreamEvent Error() => new("error", ErrorBody(Reply));

    private IEnumerable<UpstreamEvent> Open(string kind, string block)
    {
        if (_open == kind)
        {
            return [];
        }

        var closed = Close();
        _open = kind;
        _block++;
        return [.. closed, Event("content_block_start", $"\"index\":{_block},\"content_block\":{block}")];
    }

    private IReadOnlyList<UpstreamEvent> Close() => _open is null ? [] : [Event("content_block_stop", $"\"index\":{_block}")];

    private UpstreamEvent Delta(string delta) => Event("content_block_delta", $"\"index\":{_block},\"delta\":{delta}");

    private static UpstreamEvent Event(string name, string? rest) => new(name, $$"""{"type":"{{name}}"{{(rest is null ? "" : "," + rest)}}}""");

    // A script says it in OpenAI's words; what isn't one of them goes out as it is.
    private static string StopReason(string reason) => reason switch
    {
        "stop" => "end_turn",
        "length" => "max_tokens",
        "content_filter" => "refusal",
        _ => reason,
    };
}
