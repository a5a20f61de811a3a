using Calango.Sdk;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Tests.OpenAiCompatible;

public sealed class AnswerTests : ProviderTestBase
{
    private const string Stop = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("reasoning")]
    [InlineData("thinking")]
    public async Task Reasoning_is_found_under_each_name(string field)
    {
        var answer = await AskAsync(new UpstreamReply { Text = "hm so yes", Reasoning = 2, ReasoningField = field });

        Assert.Equal("hm so ", answer.Reasoning);
        Assert.Equal("yes", answer.Text);
    }

    [Fact]
    public async Task Reasoning_sent_under_two_names_counts_once() =>
        Assert.Equal("hm", (await AskAsync(Events("""{"choices":[{"delta":{"reasoning":"hm","reasoning_content":"hm"}}]}""", Stop))).Reasoning);

    [Fact]
    public async Task Content_in_parts_is_text_and_reasoning()
    {
        var answer = await AskAsync(Events(
            """{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}}]}""",
            """{"choices":[{"delta":{"content":[{"type":"text","text":"yes"}]}}]}""", Stop));

        Assert.Equal(("hm", "yes"), (answer.Reasoning, answer.Text));
    }

    [Fact]
    public async Task A_refusal_is_text() =>
        Assert.Equal("I cannot do that.", (await AskAsync(new UpstreamReply { Refusal = "I cannot do that." })).Text);

    [Fact]
    public async Task Usage_has_cached_and_reasoning_tokens()
    {
        var usage = (await AskAsync(new UpstreamReply { Tokens = 5, Reasoning = 2 })).Usage;

        Assert.Equal((7L, 5L, 12L, 3L, 2L), (usage!.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount, usage.CachedInputTokenCount, usage.ReasoningTokenCount));
    }

    [Fact]
    public async Task Usage_repeated_with_each_chunk_counts_once()
    {
        var answer = await AskAsync(Events(
            """{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}""",
            """{"choices":[{"delta":{"content":"b"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}""", "[DONE]"));

        Assert.Equal(2, answer.Usage?.OutputTokenCount);
    }

    [Fact]
    public async Task Parallel_calls_that_share_an_index_are_told_apart_by_id()
    {
        var answer = await AskAsync(Events(
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{}"}},{"index":0,"id":"b","function":{"name":"two","arguments":"{\"x\":1}"}}]}}]}""",
            """{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"""));

        Assert.Equal([("a", "one"), ("b", "two")], answer.Calls.Select(call => (call.CallId, call.Name)));
    }

    [Fact]
    public async Task A_call_cut_in_its_arguments_is_not_made()
    {
        var answer = await AskAsync(Events("""{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"pay","arguments":"{\"sum\":1"}}]}}]}"""));

        Assert.Empty(answer.Calls);
        Assert.Null(answer.FinishReason);
    }

    [Theory]
    [InlineData("eos", "stop")]
    [InlineData("model_length", "length")]
    [InlineData("abort", "abort")]
    public async Task An_unusual_reason_for_an_end_is_understood_or_handed_on(string sent, string seen) =>
        Assert.Equal(new ChatFinishReason(seen), (await AskAsync(new UpstreamReply { FinishReason = sent })).FinishReason);

    [Fact]
    public async Task A_connection_lost_after_the_end_of_the_text_loses_nothing()
    {
        var answer = await AskAsync(new UpstreamReply
        {
            RawBody = System.Text.Encoding.UTF8.GetBytes("data: {\"choices\":[{\"delta\":{\"content\":\"yes\"},\"finish_reason\":\"stop\"}]}\n\n"),
            CutAfter = 0,
        });

        Assert.Equal(("yes", ChatFinishReason.Stop, null), (answer.Text, answer.FinishReason, answer.Failure));
    }

    [Fact]
    public async Task A_compressed_stream_is_read() =>
        Assert.Equal(UpstreamReply.WordsOf(20), (await AskAsync(new UpstreamReply { Gzip = true })).Text);

    [Theory]
    [InlineData("""{"error":{"message":"Overloaded","code":"rate_limit_exceeded"}}""", ProviderErrorKind.RateLimited)]
    [InlineData("""{"error":{"message":"Upstream is down","code":502}}""", ProviderErrorKind.ServiceFailed)]
    [InlineData("""{"error":"no balance: insufficient_quota"}""", ProviderErrorKind.PaymentRequired)]
    [InlineData("""{"error":{"message":"This model's maximum context length is 8192 tokens."}}""", ProviderErrorKind.ContextTooLong)]
    public async Task An_error_in_a_stream_has_its_kind(string error, ProviderErrorKind kind) =>
        Assert.Equal(kind, (await AskAsync(Events("""{"choices":[{"delta":{"content":"a"}}]}""", error))).Failure?.Kind);

    [Theory]
    [InlineData("""{"type":"message_start","message":{"content":[]}}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"Paris"}]}}]}""")]
    [InlineData("""{"choices":[{"text":"a completion","index":0}]}""")]
    [InlineData("""["choices"]""")]
    [InlineData("hello")]
    public async Task Another_protocol_is_no_empty_answer(string data) =>
        Assert.Equal(ProviderErrorKind.UnexpectedFormat, (await AskAsync(Events(data, "[DONE]"))).Failure?.Kind);

    [Fact]
    public async Task An_empty_body_is_no_empty_answer() =>
        Assert.Equal(ProviderErrorKind.UnexpectedFormat, (await AskAsync(Events())).Failure?.Kind);

    [Theory]
    [InlineData("""{"error":{"message":"No credits left","code":"insufficient_quota"}}""", ProviderErrorKind.PaymentRequired)]
    [InlineData("""{"id":"x"}""", ProviderErrorKind.UnexpectedFormat)]
    public async Task One_object_instead_of_a_stream_is_a_failure(string body, ProviderErrorKind kind) =>
        Assert.Equal(kind, (await AskAsync(new UpstreamReply { RawBody = System.Text.Encoding.UTF8.GetBytes(body), RawContentType = "application/json" })).Failure?.Kind);
}
