using System.Net;
using System.Text.Json;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Api;

public sealed class ChatCompletionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> WrongBodies => new()
    {
        { "", "api.json", "" },
        { "[]", "api.json", "" },
        { "{", "api.json", "" },
        { """{"model":"fake","messages":[{"role":"user","content":"\ud800"}]}""", "api.json", "" },
        { """{"model":"fake","\udc00":1,"messages":[{"role":"user","content":"x"}]}""", "api.json", "" },
        { """{"messages":[{"role":"user","content":"x"}]}""", "api.missing", "model" },
        { """{"model":"fake"}""", "api.missing", "messages" },
        { """{"model":"fake","messages":[]}""", "api.empty", "messages" },
        { """{"model":"fake","messages":"x"}""", "api.type", "messages" },
        { """{"model":7,"messages":[{"role":"user","content":"x"}]}""", "api.type", "model" },
        { """{"model":"","messages":[{"role":"user","content":"x"}]}""", "api.length", "model" },
        { """{"model":"fake","messages":[{"role":"user"}]}""", "api.missing", "messages[0].content" },
        { """{"model":"fake","messages":[{"role":"owner","content":"x"}]}""", "api.notSupported", "messages[0].role" },
        { """{"model":"fake","messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"video"}]}]}""", "api.notSupported", "messages[0].content[1].type" },
        { """{"model":"fake","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://169.254.169.254/"}}]}]}""", "api.notSupported", "messages[0].content[0].image_url.url" },
        { """{"model":"fake","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,%%%"}}]}]}""", "api.notSupported", "messages[0].content[0].image_url.url" },
        { """{"model":"fake","messages":[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"["}}]}]}""", "api.type", "messages[0].tool_calls[0].function.arguments" },
        { """{"model":"fake","messages":[{"role":"tool","content":"x"}]}""", "api.missing", "messages[0].tool_call_id" },
        { """{"model":"fake","messages":[{"role":"user","content":"x"}],"temperature":9}""", "api.range", "temperature" },
        { """{"model":"fake","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", "api.range", "max_tokens" },
        { """{"model":"fake","messages":[{"role":"user","content":"x"}],"max_tokens":1.5}""", "api.type", "max_tokens" },
        { """{"model":"fake","messages":[{"role":"user","content":"x"}],"n":2}""", "api.notSupported", "n" },
        { """{"model":"fake","messages":[{"role":"user","content":"x"}],"stream":"yes"}""", "api.type", "stream" },
        { """{"model":"fake","messages":[{"role":"user","content":"x"}],"logprobs":true}""", "api.notSupported", "logprobs" },
        { """{"model":"fake","messages":[{"role":"user","content":"x"}],"functions":[]}""", "api.notSupported", "functions" },
        { """{"model":"fake","messages":[{"role":"user","content":"x"}],"tools":[{"type":"retrieval"}]}""", "api.notSupported", "tools[0].type" },
        { """{"model":"fake","messages":[{"role":"user","content":"x"}],"tool_choice":"perhaps"}""", "api.notSupported", "tool_choice" },
        { """{"model":"fake","messages":[{"role":"user","content":"x"}],"response_format":{"type":"xml"}}""", "api.notSupported", "response_format.type" },
        { """{"model":"nobody's","messages":[{"role":"user","content":"x"}]}""", "model_not_found", "model" },
    };

    [Theory]
    [MemberData(nameof(WrongBodies))]
    public async Task What_is_wrong_is_said_with_its_place_and_no_model_is_called(string body, string code, string place)
    {
        await using var server = await ApiServer.StartAsync(DatabaseKind.Sqlite);
        using var program = server.Program(await server.MakeTokenAsync("Models"));

        using var answer = await program.PostAsync("/v1/chat/completions", ApiServer.Json(body.Replace("\"fake\"", $"\"{server.App.Upstream.Models[0]}\"", StringComparison.Ordinal)), Cancelled);

        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).GetProperty("error");
        Assert.Equal((code, place), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString() ?? ""));
        Assert.DoesNotContain("{", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(code == "model_not_found" ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(server.App.Upstream.Requests, request => request.Path.EndsWith("/completions", StringComparison.Ordinal));
    }

    [EachDatabase]
    public async Task Whoever_hangs_up_ends_the_call_at_the_service(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("Models"));
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var body = new { model = server.App.Upstream.Models[0], messages = new[] { new { role = "user", content = "Talk [[endless=1 r=50]]" } } };

        var asking = program.PostAsync("/v1/chat/completions", ApiServer.Json(body), gone.Token);
        await Eventually.HoldsAsync("the service is asked", () => Task.FromResult(server.App.Upstream.Requests.Any(request => request.Path.EndsWith("/completions", StringComparison.Ordinal))), Cancelled);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await server.App.Upstream.Requests.Last().Disconnected.WaitAsync(Eventually.Limit, Cancelled);
    }

    [Fact]
    public async Task Whoever_waits_is_told_that_the_server_goes_and_may_try_again()
    {
        await using var server = await ApiServer.StartAsync(DatabaseKind.Sqlite);
        using var program = server.Program(await server.MakeTokenAsync("Models"));
        var body = new { model = server.App.Upstream.Models[0], messages = new[] { new { role = "user", content = "Talk [[endless=1 r=50]]" } } };
        var asking = program.PostAsync("/v1/chat/completions", ApiServer.Json(body), Cancelled);
        await Eventually.HoldsAsync("the service is asked", () => Task.FromResult(server.App.Upstream.Requests.Any(request => request.Path.EndsWith("/completions", StringComparison.Ordinal))), Cancelled);

        await server.App.RestartAsync();

        using var answer = await asking;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_picture_in_a_programs_message_goes_on_to_the_model_as_it_is()
    {
        const string Pixel = "data:image/png;base64,iVBORw0KGgo=";
        await using var server = await ApiServer.StartAsync(DatabaseKind.Sqlite);
        using var program = server.Program(await server.MakeTokenAsync("Models"));
        object[] parts = [new { type = "text", text = "What is this?" }, new { type = "image_url", image_url = new { url = Pixel } }];

        using var answer = await program.PostAsync(
            "/v1/chat/completions", ApiServer.Json(new { model = server.App.Upstream.Models[0], messages = new[] { new { role = "user", content = parts } } }), Cancelled);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var sent = Assert.Single(server.App.Upstream.Requests).Body.GetProperty("messages")[0].GetProperty("content");
        Assert.Equal(("What is this?", Pixel), (sent[0].GetProperty("text").GetString(), sent[1].GetProperty("image_url").GetProperty("url").GetString()));
    }

    [EachDatabase]
    public async Task Nothing_of_what_a_program_asks_is_stored(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("Models"));
        var body = new { model = server.App.Upstream.Models[0], messages = new[] { new { role = "user", content = "Iguanas [[n=3]]" } } };

        using var answer = await program.PostAsync("/v1/chat/completions", ApiServer.Json(body), Cancelled);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty((await server.Owner.GetAsync("/search?q=iguanas", Cancelled)).QuerySelectorAll("a[href^='/chat/']"));
        Assert.Empty((await server.Owner.GetAsync("/", Cancelled)).QuerySelectorAll("nav a[href^='/chat/']"));
    }

    [EachDatabase]
    public async Task A_program_that_asks_too_often_is_told_when_to_come_back(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("Models"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => program.GetAsync("/v1/models", Cancelled)));

        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("rate_limit_exceeded", JsonElement.Parse(await refused.Content.ReadAsStringAsync(Cancelled)).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, (await server.Owner.Http.GetAsync("/", Cancelled)).StatusCode);
    }

    [EachDatabase]
    public async Task A_model_that_two_connections_have_is_named_with_its_connection(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        var token = await server.MakeTokenAsync("Models");
        using var program = server.Program(token);
        var model = server.App.Upstream.Models[0];
        await server.App.ConnectAsync(server.App.Upstream);

        var names = JsonElement.Parse(await program.GetStringAsync("/v1/models", Cancelled)).GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()!).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.DoesNotContain(model, names);
        foreach (var name in names.Append(model))
        {
            Assert.Equal(HttpStatusCode.OK, (await program.GetAsync($"/v1/models/{name}", Cancelled)).StatusCode);
        }
    }
}
