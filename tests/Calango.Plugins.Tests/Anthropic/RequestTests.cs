using System.Text.Json;
using Calango.Sdk;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Tests.Anthropic;

public sealed class RequestTests : ProviderTestBase
{
    [Fact]
    public async Task The_prompt_goes_out_in_order_with_the_key_and_the_system_prompt_in_its_own_place()
    {
        await AskAsync(new UpstreamReply(), new ChatOptions { Temperature = 0.5f, MaxOutputTokens = 9, StopSequences = ["END"], ModelId = "fake" },
            new(ChatRole.System, "Be brief."), new(ChatRole.User, "one"), new(ChatRole.Assistant, "two"), new(ChatRole.User, "three"));

        var request = Assert.Single(Upstream.AllRequests);
        Assert.Equal("/v1/messages", request.Path);
        Assert.Equal([("user", "one"), ("assistant", "two"), ("user", "three")], request.Messages);
        Assert.Equal("Be brief.", request.Body.GetProperty("system")[0].GetProperty("text").GetString());
        Assert.Equal("Bearer secret", request.Headers["Authorization"]);
        Assert.Equal("END", request.Body.GetProperty("stop_sequences")[0].GetString());
        Assert.Equal(9, request.Body.GetProperty("max_tokens").GetInt32());
        // The protocol's present version refuses a temperature, even its default.
        Assert.Equal(
            ["max_tokens", "messages", "model", "stop_sequences", "stream", "system"],
            request.Body.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_a_limit_of_the_chats_own_the_models_maximum_is_asked_for_once()
    {
        Upstream.Answer("/v1/models/fake", """{"type":"model","id":"fake","display_name":"Fake","max_input_tokens":200000,"max_tokens":64000}""");

        await AskAsync(new UpstreamReply());
        await AskAsync(new UpstreamReply());

        Assert.Equal(["/v1/models/fake", "/v1/messages", "/v1/messages"], Upstream.AllRequests.Select(request => request.Path));
        Assert.All(Upstream.Requests, request => Assert.Equal(64000, request.Body.GetProperty("max_tokens").GetInt32()));
    }

    [Theory]
    [InlineData(404, "{}")]
    [InlineData(200, """{"id":"fake"}""")]
    [InlineData(200, "<html>")]
    public async Task A_service_that_does_not_tell_a_models_maximum_is_asked_for_what_every_model_can(int status, string body)
    {
        Upstream.Answer("/v1/models/fake", body, status: status);

        var answer = await AskAsync(new UpstreamReply { Text = "yes" });

        Assert.Equal("yes", answer.Text);
        Assert.Equal(4096, Assert.Single(Upstream.Requests).Body.GetProperty("max_tokens").GetInt32());
    }

    [Fact]
    public async Task A_tools_call_and_answer_go_back_as_the_protocol_has_them()
    {
        await AskAsync(new UpstreamReply(), new ChatOptions { Tools = [AIFunctionFactory.Create((string city) => city, "weather")] },
            new(ChatRole.User, "weather?"),
            new(ChatRole.Assistant, [new FunctionCallContent("call_9", "weather", new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Recife" })]),
            new(ChatRole.Tool, [new FunctionResultContent("call_9", "sunny")]));

        var body = Assert.Single(Upstream.Requests).Body;
        var call = body.GetProperty("messages")[1].GetProperty("content")[0];
        var result = body.GetProperty("messages")[2].GetProperty("content")[0];
        Assert.Equal(("tool_use", "call_9"), (Word(call, "type"), Word(call, "id")));
        Assert.Equal("Recife", Word(call.GetProperty("input"), "city"));
        Assert.Equal(("tool_result", "call_9", "sunny"), (Word(result, "type"), Word(result, "tool_use_id"), Word(result, "content")));
        Assert.Equal("string", Word(body.GetProperty("tools")[0].GetProperty("input_schema").GetProperty("properties").GetProperty("city"), "type"));
    }

    [Fact]
    public async Task Without_a_key_none_is_sent_whatever_the_server_has()
    {
        Environment.SetEnvironmentVariable("ANTHROPIC_API_KEY", "the operator's");
        Environment.SetEnvironmentVariable("ANTHROPIC_AUTH_TOKEN", "the operator's");

        await Provider.ListModelsAsync(Settings(), TestEnd);

        var headers = Assert.Single(Upstream.AllRequests).Headers.Keys;
        Assert.DoesNotContain("Authorization", headers);
        Assert.DoesNotContain("X-Api-Key", headers);
    }

    [Theory]
    [InlineData(429, ProviderErrorKind.RateLimited)]
    [InlineData(503, ProviderErrorKind.ServiceFailed)]
    [InlineData(529, ProviderErrorKind.ServiceFailed)]
    public async Task A_failure_is_not_retried_here_and_says_how_long_to_wait(int status, ProviderErrorKind kind)
    {
        var answer = await AskAsync(new UpstreamReply { Status = status, RetryAfter = 7 }, new ChatOptions { MaxOutputTokens = 9 });

        Assert.Equal((kind, status, TimeSpan.FromSeconds(7)), (answer.Failure?.Kind, answer.Failure?.StatusCode, answer.Failure?.RetryAfter));
        Assert.Equal("scripted failure", answer.Failure?.ServiceMessage);
        Assert.Single(Upstream.AllRequests);
    }

    [Theory]
    [InlineData(400, ProviderErrorKind.InvalidRequest)]
    [InlineData(402, ProviderErrorKind.PaymentRequired)]
    [InlineData(413, ProviderErrorKind.ContextTooLong)]
    [InlineData(500, ProviderErrorKind.ServiceFailed)]
    public async Task A_status_has_its_kind(int status, ProviderErrorKind kind) =>
        Assert.Equal(kind, (await AskAsync(new UpstreamReply { Status = status })).Failure?.Kind);

    [Theory]
    [InlineData(403, ProviderErrorKind.Forbidden)]
    [InlineData(404, ProviderErrorKind.EndpointNotFound)]
    [InlineData(413, ProviderErrorKind.ContextTooLong)]
    [InlineData(502, ProviderErrorKind.ServiceFailed)]
    public async Task A_page_of_html_with_a_status_has_the_statuss_kind(int status, ProviderErrorKind kind) =>
        Assert.Equal(kind, (await AskAsync(UpstreamReply.Html with { Status = status })).Failure?.Kind);

    [Fact]
    public async Task A_key_that_the_service_repeats_is_taken_out()
    {
        var before = await AskAsync(new UpstreamReply { Status = 401, ErrorMessage = "No such key: secret." });
        var midway = await AskAsync(new UpstreamReply { ErrorAfter = 1, ErrorMessage = "No such key: secret." });

        Assert.Equal("No such key: •••.", before.Failure?.ServiceMessage);
        Assert.Equal("No such key: •••.", midway.Failure?.ServiceMessage);
    }

    private static string? Word(JsonElement element, string name) => element.GetProperty(name).GetString();
}
