using Calango.Sdk;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Tests.OpenAiCompatible;

public sealed class RequestTests : ProviderTestBase
{
    [Fact]
    public async Task The_prompt_goes_out_in_order_with_the_key_and_only_what_was_set()
    {
        await AskAsync(new UpstreamReply(), new ChatOptions { Temperature = 0.5f, MaxOutputTokens = 9, StopSequences = ["END"] },
            new(ChatRole.System, "Be brief."), new(ChatRole.User, "one"), new(ChatRole.Assistant, "two"), new(ChatRole.User, "three"));

        var request = Assert.Single(Upstream.Requests);
        Assert.Equal([("system", "Be brief."), ("user", "one"), ("assistant", "two"), ("user", "three")], request.Messages);
        Assert.Equal("Bearer secret", request.Headers["Authorization"]);
        Assert.Equal(0.5, request.Body.GetProperty("temperature").GetDouble(), 3);
        Assert.Equal(9, request.Body.GetProperty("max_tokens").GetInt32());
        Assert.Equal("END", request.Body.GetProperty("stop")[0].GetString());
        Assert.True(request.Body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.Equal(
            ["max_tokens", "messages", "model", "stop", "stream", "stream_options", "temperature"],
            request.Body.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_tools_call_and_answer_go_back_as_the_protocol_has_them()
    {
        await AskAsync(new UpstreamReply(), new ChatOptions { Tools = [AIFunctionFactory.Create((string city) => city, "weather")] },
            new(ChatRole.User, "weather?"),
            new(ChatRole.Assistant, [new FunctionCallContent("call_9", "weather", new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Recife" })]),
            new(ChatRole.Tool, [new FunctionResultContent("call_9", "sunny")]));

        var body = Assert.Single(Upstream.Requests).Body;
        var call = body.GetProperty("messages")[1].GetProperty("tool_calls")[0];
        Assert.Equal("call_9", call.GetProperty("id").GetString());
        Assert.Equal("""{"city":"Recife"}""", call.GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal("call_9", body.GetProperty("messages")[2].GetProperty("tool_call_id").GetString());
        Assert.Equal("sunny", body.GetProperty("messages")[2].GetProperty("content").GetString());
        Assert.Equal("string", body.GetProperty("tools")[0].GetProperty("function").GetProperty("parameters").GetProperty("properties").GetProperty("city").GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_picture_goes_out_as_the_protocol_has_it_and_a_message_without_one_as_plain_text()
    {
        await AskAsync(new UpstreamReply(), null,
            new(ChatRole.User, "one"), new(ChatRole.Assistant, "two"), new(ChatRole.User, [new TextContent("What is this?"), new DataContent((byte[])[1, 2, 3], "image/png")]));

        var messages = Assert.Single(Upstream.Requests).Body.GetProperty("messages");
        Assert.Equal("one", messages[0].GetProperty("content").GetString());
        Assert.Equal(
            """[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]""", messages[2].GetProperty("content").GetRawText());
    }

    [Fact]
    public async Task Without_a_key_no_authorization_is_sent()
    {
        await Provider.ListModelsAsync(Settings(), TestEnd);

        Assert.DoesNotContain("Authorization", Assert.Single(Upstream.AllRequests).Headers.Keys);
    }

    [Fact]
    public async Task A_failure_is_not_retried_here()
    {
        var answer = await AskAsync(new UpstreamReply { Status = 503, RetryAfter = 7 });

        Assert.Equal(TimeSpan.FromSeconds(7), answer.Failure?.RetryAfter);
        Assert.Equal(503, answer.Failure?.StatusCode);
        Assert.Equal("scripted failure", answer.Failure?.ServiceMessage);
        Assert.Single(Upstream.Requests);
    }

    [Fact]
    public async Task A_key_that_the_service_repeats_is_taken_out()
    {
        var before = await AskAsync(new UpstreamReply { Status = 401, ErrorMessage = "No such key: secret." });
        var midway = await AskAsync(new UpstreamReply { ErrorAfter = 1, ErrorMessage = "No such key: secret." });

        Assert.Equal("No such key: •••.", before.Failure?.ServiceMessage);
        Assert.Equal("No such key: •••.", midway.Failure?.ServiceMessage);
    }

    [Fact]
    public async Task A_dated_address_of_azure_gets_its_version_and_header()
    {
        Upstream.Answer("/openai/deployments/gpt/models", """{"data":[{"id":"gpt"}]}""");
        var address = new Uri(Upstream.Address, "/openai/deployments/gpt/chat/completions?api-version=2024-06-01").ToString();

        await Provider.ListModelsAsync(Settings(("address", address), ("apiKey", "k"), ("apiVersion", "2024-10-21")), TestEnd);

        var request = Assert.Single(Upstream.AllRequests);
        Assert.Equal("?api-version=2024-10-21", request.Query);
        Assert.Equal("k", request.Headers["api-key"]);
    }

    [Fact]
    public async Task Vectors_come_in_the_order_of_their_texts()
    {
        using var generator = Provider.ConnectEmbeddings("embed", Settings());

        var vectors = await generator.GenerateAsync(["a", "bb 1", "ccc"], cancellationToken: TestEnd);

        Assert.Equal([[1f, 1, 0, 0], [4f, 2, 1, 1], [3f, 3, 0, 0]], vectors.Select(vector => vector.Vector.ToArray()));
        Assert.Equal(3, vectors.Usage?.InputTokenCount);
    }

    [Fact]
    public async Task A_text_that_the_service_finds_too_long_is_told_as_such()
    {
        Upstream.Answer("/v1/embeddings", """{"error":{"message":"maximum context length is 8192 tokens","code":"context_length_exceeded"}}""", status: 400);
        using var generator = Provider.ConnectEmbeddings("embed", Settings());

        var refusal = await Assert.ThrowsAsync<ProviderException>(() => generator.GenerateAsync(["long"], cancellationToken: TestEnd));

        Assert.Equal((ProviderErrorKind.TextTooLong, "maximum context length is 8192 tokens"), (refusal.Kind, refusal.ServiceMessage));
    }
}
