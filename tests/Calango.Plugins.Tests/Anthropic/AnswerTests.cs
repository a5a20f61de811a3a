using System.Text;
using Calango.Sdk;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Tests.Anthropic;

public sealed class AnswerTests : ProviderTestBase
{
    [Fact]
    public async Task Thinking_comes_before_the_text_and_apart_from_it()
    {
        var answer = await AskAsync(new UpstreamReply { Text = "hm so yes", Reasoning = 2 });

        Assert.Equal(("hm so ", "yes"), (answer.Reasoning, answer.Text));
    }

    [Fact]
    public async Task Usage_counts_what_was_read_from_and_written_to_the_cache()
    {
        var usage = (await AskAsync(Events(Start, Text("a"), End("end_turn"), Stop))).Usage;

        Assert.Equal((10L, 3L, 7L, 17L), (usage!.InputTokenCount, usage.CachedInputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount));
    }

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("tool_use", "tool_calls")]
    [InlineData("refusal", "content_filter")]
    [InlineData("pause_turn", "pause_turn")]
    [InlineData("brand_new", "brand_new")]
    public async Task Each_reason_for_an_end_is_understood_or_handed_on(string sent, string seen) =>
        Assert.Equal(new ChatFinishReason(seen), (await AskAsync(Events(Start, Text("a"), End(sent), Stop))).FinishReason);

    [Fact]
    public async Task Two_calls_in_one_answer_are_told_apart()
    {
        var answer = await AskAsync(Events(Start, Call(0, "a", "one"), Arguments(0, """{\"x\":"""), Arguments(0, "1}"), Close(0), Call(1, "b", "two"), Close(1), End("tool_use"), Stop));

        Assert.Equal([("a", "one", 1), ("b", "two", 0)], answer.Calls.Select(call => (call.CallId, call.Name, call.Arguments?.Count ?? 0)));
        Assert.Equal("1", answer.Calls[0].Arguments!["x"]!.ToString());
    }

    [Fact]
    public async Task A_call_cut_in_its_arguments_is_not_made()
    {
        var answer = await AskAsync(Events(Start, Call(0, "a", "pay"), Arguments(0, """{\"sum\":1""")));

        Assert.Empty(answer.Calls);
        Assert.Null(answer.FinishReason);
    }

    [Fact]
    public async Task A_call_whose_arguments_the_limit_cut_says_so()
    {
        var answer = await AskAsync(Events(Start, Call(0, "a", "pay"), Arguments(0, """{\"sum\":1"""), Close(0), End("max_tokens"), Stop));

        Assert.NotNull(Assert.Single(answer.Calls).Exception);
        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
    }

    [Fact]
    public async Task Events_and_pieces_of_a_new_kind_are_passed_over()
    {
        var answer = await AskAsync(Events(
            Start, """{"type":"shiny"}""", """{"type":"content_block_delta","index":0,"delta":{"type":"shiny_delta","x":1}}""", Text("yes"), End("end_turn"), Stop));

        Assert.Equal(("yes", ChatFinishReason.Stop, null), (answer.Text, answer.FinishReason, answer.Failure));
    }

    [Fact]
    public async Task A_connection_lost_after_the_end_of_the_text_loses_nothing()
    {
        var answer = await AskAsync(Events(Start, Text("yes"), End("end_turn")) with { CutAfter = 0 });

        Assert.Equal(("yes", ChatFinishReason.Stop, null), (answer.Text, answer.FinishReason, answer.Failure));
    }

    [Fact]
    public async Task A_compressed_stream_is_read() =>
        Assert.Equal(UpstreamReply.WordsOf(20), (await AskAsync(new UpstreamReply { Gzip = true })).Text);

    [Theory]
    [InlineData("overloaded_error", ProviderErrorKind.ServiceFailed)]
    [InlineData("api_error", ProviderErrorKind.ServiceFailed)]
    [InlineData("rate_limit_error", ProviderErrorKind.RateLimited)]
    [InlineData("timeout_error", ProviderErrorKind.TimedOut)]
    [InlineData("authentication_error", ProviderErrorKind.Unauthorized)]
    [InlineData("permission_error", ProviderErrorKind.Forbidden)]
    [InlineData("billing_error", ProviderErrorKind.PaymentRequired)]
    [InlineData("request_too_large", ProviderErrorKind.ContextTooLong)]
    [InlineData("invalid_request_error", ProviderErrorKind.InvalidRequest)]
    public async Task An_error_in_a_stream_has_its_kind_and_words(string type, ProviderErrorKind kind)
    {
        var answer = await AskAsync(new UpstreamReply { ErrorAfter = 2, ErrorCode = type, ErrorMessage = "It's {over}." });

        Assert.Equal("w1 w2 ", answer.Text);
        Assert.Equal((kind, "It's {over}."), (answer.Failure?.Kind, answer.Failure?.ServiceMessage));
    }

    [Theory]
    [InlineData("")]
    [InlineData("data: hello\n\n")]
    [InlineData("event: message_delta\ndata: [1]\n\n")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]\n\n")]
    [InlineData("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}\n\n")]
    public async Task What_does_not_begin_as_a_message_is_no_empty_answer(string body)
    {
        var answer = await AskAsync(new UpstreamReply { RawBody = Encoding.UTF8.GetBytes(body) });

        Assert.Equal((ProviderErrorKind.UnexpectedFormat, ""), (answer.Failure?.Kind, answer.Text));
    }

    [Theory]
    [InlineData("application/json", """{"type":"error","error":{"type":"billing_error","message":"No credits left"}}""", ProviderErrorKind.PaymentRequired)]
    [InlineData("application/json", """{"id":"x"}""", ProviderErrorKind.UnexpectedFormat)]
    [InlineData("text/html; charset=utf-8", "<html>Welcome</html>", ProviderErrorKind.UnexpectedFormat)]
    [InlineData("text/plain", "Welcome", ProviderErrorKind.UnexpectedFormat)]
    public async Task A_success_that_is_no_stream_is_a_failure(string type, string body, ProviderErrorKind kind) =>
        Assert.Equal(kind, (await AskAsync(new UpstreamReply { RawBody = Encoding.UTF8.GetBytes(body), RawContentType = type })).Failure?.Kind);

    private static string Call(int block, string id, string name) =>
        $$$"""{"type":"content_block_start","index":{{{block}}},"content_block":{"type":"tool_use","id":"{{{id}}}","name":"{{{name}}}","input":{} } }""";

    private static string Arguments(int block, string piece) =>
        $$$"""{"type":"content_block_delta","index":{{{block}}},"delta":{"type":"input_json_delta","partial_json":"{{{piece}}}"}}""";

    private static string Close(int block) => $$$"""{"type":"content_block_stop","index":{{{block}}}}""";
}
