using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Api;

/// <summary>OpenAI's own client, unchanged.</summary>
public sealed class OpenAiClientTests
{
    [EachDatabase]
    public async Task It_finds_the_models(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);

        var seen = await server.AskAsync("models", await server.MakeTokenAsync("Models"));

        Assert.Equal(server.App.Upstream.Models, seen.GetProperty("ids").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(server.App.Upstream.Models[0], seen.GetProperty("one").GetString());
    }

    [EachDatabase]
    public async Task It_has_a_question_answered(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);

        var seen = await server.AskAsync("answer", await server.MakeTokenAsync("Models"));

        Assert.Equal(5, seen.GetProperty("text").GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("stop", seen.GetProperty("reason").GetString());
        Assert.Equal(server.App.Upstream.Models[0], seen.GetProperty("model").GetString());
        Assert.Equal(5, seen.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        var sent = server.App.Upstream.Requests.Last().Body;
        Assert.Equal(0.5, sent.GetProperty("temperature").GetDouble());
        Assert.Equal(100, sent.GetProperty("max_tokens").GetInt32());
        Assert.Equal(["system", "user"], sent.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
    }

    [EachDatabase]
    public async Task It_reads_an_answer_while_that_comes(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);

        var seen = await server.AskAsync("stream", await server.MakeTokenAsync("Models"));

        Assert.Equal(5, seen.GetProperty("text").GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("stop", seen.GetProperty("reason").GetString());
        Assert.Equal(5, seen.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [EachDatabase]
    public async Task It_is_told_which_tools_to_call_and_tells_what_they_said(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var token = await server.MakeTokenAsync("Models");

        var seen = await server.AskAsync("tools", token);
        var ran = await server.AskAsync("runTools", token);

        Assert.Equal(("tool_calls", "weather"), (seen.GetProperty("reason").GetString(), seen.GetProperty("name").GetString()));
        Assert.Equal("""{"city":"Recife"}""", seen.GetProperty("arguments").GetString());
        Assert.Equal("stop", seen.GetProperty("end").GetString());
        Assert.Equal("Recife", ran.GetProperty("asked").GetProperty("city").GetString());
    }

    [EachDatabase]
    public async Task It_has_texts_turned_into_vectors(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var token = await server.MakeTokenAsync("Models");

        var seen = await server.AskAsync("embeddings", token, "text-embedding");
        var named = await server.AskAsync("embeddings", token, "Scripted/text-embedding");

        Assert.Equal([0, 1], seen.GetProperty("indexes").EnumerateArray().Select(index => index.GetInt32()));
        Assert.All(seen.GetProperty("sizes").EnumerateArray(), size => Assert.True(size.GetInt32() > 1));
        Assert.True(seen.GetProperty("usage").GetProperty("prompt_tokens").GetInt32() > 0);
        Assert.Equal(seen.GetRawText(), named.GetRawText());
    }

    [EachDatabase]
    public async Task It_knows_each_failure(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var token = await server.MakeTokenAsync("Models");

        var unknown = await server.AskAsync("error", token);
        var busy = await server.AskAsync("refused", token);
        var cut = await server.AskAsync("cut", token);
        var stranger = await server.AskAsync("answer", "calango_made_up");
        var reader = await server.AskAsync("answer", await server.MakeTokenAsync("ReadChats"));

        Assert.Equal(("NotFoundError", 404, "model_not_found", "model"), FailureOf(unknown));
        Assert.Equal(("RateLimitError", 429, "provider.rateLimitedUntil", null), FailureOf(busy));
        Assert.Contains("Try again in 7 s", busy.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("APIError", cut.GetProperty("error").GetString());
        Assert.Equal(("AuthenticationError", 401, "invalid_api_key", null), FailureOf(stranger));
        Assert.Equal(("PermissionDeniedError", 403, "forbidden", null), FailureOf(reader));
    }

    private static (string? Kind, int Status, string? Code, string? Param) FailureOf(System.Text.Json.JsonElement seen) =>
        (seen.GetProperty("error").GetString(), seen.GetProperty("status").GetInt32(), seen.GetProperty("code").GetString(), seen.GetProperty("param").GetString());
}
