using System.Net;
using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Api;

public sealed class ChatApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_program_sends_a_message_waits_for_the_answer_and_finds_it_again(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        server.App.Upstream.Enqueue(new UpstreamReply { Text = "In the sun." });

        using var sent = await program.PostAsync("/api/messages", ApiServer.Json(new { text = "Where do iguanas sleep?", model = server.App.Upstream.Models[0], systemPrompt = "Be short.", temperature = 0.5 }), Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        var turn = await JsonAsync(program, $"{sent.Headers.Location}?wait=60");
        Assert.Equal(("complete", "In the sun."), (turn.GetProperty("turn").GetProperty("state").GetString(), turn.GetProperty("text").GetString()));

        var chat = turn.GetProperty("turn").GetProperty("chatId").GetString();
        var messages = (await JsonAsync(program, $"/api/chats/{chat}/messages")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant"], messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal("Where do iguanas sleep?", messages[0].GetProperty("text").GetString());
        Assert.Equal(server.App.Upstream.Models[0], messages[1].GetProperty("turn").GetProperty("model").GetString());
        Assert.Equal("Be short.", (await JsonAsync(program, $"/api/chats/{chat}")).GetProperty("systemPrompt").GetString());
        Assert.Contains((await JsonAsync(program, "/api/chats")).GetProperty("items").EnumerateArray(), item => item.GetProperty("id").GetString() == chat);
        var hit = (await JsonAsync(program, "/api/search?q=iguanas")).GetProperty("items").EnumerateArray().First();
        Assert.Equal((chat, "Where do iguanas sleep?"), (hit.GetProperty("chatId").GetString(), hit.GetProperty("snippet").GetString()));
        Assert.NotEmpty((await server.Owner.GetAsync($"/chat/{chat}", Cancelled)).QuerySelectorAll("article"));
    }

    [EachDatabase]
    public async Task A_message_that_is_sent_twice_is_one_turn(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        var body = new { text = "Hello", model = server.App.Upstream.Models[0], id = Guid.CreateVersion7() };

        var turns = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var answer = await program.PostAsync("/api/messages", ApiServer.Json(body), Cancelled);
            return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).GetProperty("id").GetString();
        }));

        Assert.Single(turns.Distinct());
        Assert.Single((await JsonAsync(program, "/api/chats")).GetProperty("items").EnumerateArray());
    }

    [EachDatabase]
    public async Task An_answer_is_stopped_and_what_has_come_is_kept(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        using var sent = await program.PostAsync("/api/messages", ApiServer.Json(new { text = "Talk [[endless=1 r=50]]", model = server.App.Upstream.Models[0] }), Cancelled);
        await Eventually.HoldsAsync("some of it has come", async () => (await JsonAsync(program, sent.Headers.Location!.ToString())).GetProperty("text").GetString()!.Length > 0, Cancelled);

        using var stopped = await program.PostAsync($"{sent.Headers.Location}/stop", null, Cancelled);

        Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
        var turn = await JsonAsync(program, sent.Headers.Location!.ToString());
        Assert.Equal("stopped", turn.GetProperty("turn").GetProperty("state").GetString());
        Assert.NotEmpty(turn.GetProperty("text").GetString()!);
    }

    [EachDatabase]
    public async Task A_chat_is_pinned_and_put_away(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        var chat = await AskAsync(server, program);

        using var changed = await program.PatchAsync($"/api/chats/{chat}", ApiServer.Json(new { isPinned = true, isArchived = true }), Cancelled);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        using var again = await program.PatchAsync($"/api/chats/{chat}", ApiServer.Json(new { isPinned = true }), Cancelled);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);

        Assert.Empty((await JsonAsync(program, "/api/chats")).GetProperty("items").EnumerateArray());
        var item = Assert.Single((await JsonAsync(program, "/api/chats?archived=true")).GetProperty("items").EnumerateArray());
        Assert.Equal((true, true), (item.GetProperty("isPinned").GetBoolean(), item.GetProperty("isArchived").GetBoolean()));
        using var nothing = await program.PatchAsync($"/api/chats/{chat}", ApiServer.Json(new { }), Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
    }

    [EachDatabase]
    public async Task Folders_and_tags_are_made_given_to_a_chat_and_removed(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        var chat = await AskAsync(server, program);
        var folder = await MadeAsync("/api/folders", new { name = "Lizards" });
        var inner = await MadeAsync("/api/folders", new { name = "Geckos", parentId = folder });
        var tag = await MadeAsync("/api/tags", new { name = "field notes", color = "leaf" });

        using var changed = await program.PatchAsync($"/api/chats/{chat}", ApiServer.Json(new { folderId = inner, tags = new[] { tag } }), Cancelled);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var shown = await JsonAsync(program, $"/api/chats/{chat}");
        Assert.Equal((inner, tag), (shown.GetProperty("folderId").GetString(), shown.GetProperty("tags")[0].GetString()));
        Assert.Single((await JsonAsync(program, $"/api/chats?folder={inner}&tag={tag}")).GetProperty("items").EnumerateArray());
        Assert.Empty((await JsonAsync(program, $"/api/chats?folder={folder}")).GetProperty("items").EnumerateArray());
        Assert.Equal(["Lizards", "Geckos"], (await JsonAsync(program, "/api/folders")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        var used = Assert.Single((await JsonAsync(program, "/api/tags")).GetProperty("items").EnumerateArray());
        Assert.Equal(("leaf", 1), (used.GetProperty("color").GetString(), used.GetProperty("chats").GetInt32()));

        using var renamed = await program.PatchAsync($"/api/tags/{tag}", ApiServer.Json(new { name = "notes" }), Cancelled);
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        using var moved = await program.PatchAsync($"/api/folders/{inner}", ApiServer.Json("""{"parentId":null}"""), Cancelled);
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        using var colour = await program.PatchAsync($"/api/tags/{tag}", ApiServer.Json(new { color = "octarine" }), Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, colour.StatusCode);
        using var outOfAny = await program.PatchAsync($"/api/chats/{chat}", ApiServer.Json("""{"folderId":null,"tags":[]}"""), Cancelled);
        Assert.Equal(JsonValueKind.Null, JsonElement.Parse(await outOfAny.Content.ReadAsStringAsync(Cancelled)).GetProperty("folderId").ValueKind);
        foreach (var path in new[] { $"/api/folders/{folder}", $"/api/folders/{inner}", $"/api/tags/{tag}" })
        {
            using var removed = await program.DeleteAsync(path, Cancelled);
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
            using var again = await program.DeleteAsync(path, Cancelled);
            Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        }

        async Task<string> MadeAsync(string path, object body)
        {
            using var made = await program.PostAsync(path, ApiServer.Json(body), Cancelled);
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
            return JsonElement.Parse(await made.Content.ReadAsStringAsync(Cancelled)).GetProperty("id").GetString()!;
        }
    }

    [EachDatabase]
    public async Task A_chat_is_named_and_deleted(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        var chat = await AskAsync(server, program);

        using var named = await program.PatchAsync($"/api/chats/{chat}", ApiServer.Json(new { title = "Lizards" }), Cancelled);
        Assert.Equal("Lizards", JsonElement.Parse(await named.Content.ReadAsStringAsync(Cancelled)).GetProperty("title").GetString());
        using var deleted = await program.DeleteAsync($"/api/chats/{chat}", Cancelled);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync($"/api/chats/{chat}", Cancelled)).StatusCode);
    }

    [EachDatabase]
    public async Task Lists_come_in_parts(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        for (var count = 0; count < 5; count++)
        {
            await AskAsync(server, program);
        }

        var (seen, next) = (new List<string>(), (string?)null);
        do
        {
            var part = await JsonAsync(program, $"/api/chats?limit=2{(next is null ? "" : $"&after={next}")}");
            Assert.InRange(part.GetProperty("items").GetArrayLength(), 1, 2);
            seen.AddRange(part.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            next = part.GetProperty("next").GetString();
        }
        while (next is not null);

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
    }

    [Theory]
    [InlineData("GET", "/api/chats?limit=0", null, 400, "api.range")]
    [InlineData("GET", "/api/chats?limit=1000", null, 400, "api.range")]
    [InlineData("GET", "/api/chats?limit=x", null, 400, "badRequest")]
    [InlineData("GET", "/api/chats?after=x", null, 400, "api.notSupported")]
    [InlineData("GET", "/api/chats/x", null, 404, "notFound")]
    [InlineData("GET", "/api/search", null, 400, "api.missing")]
    [InlineData("GET", "/api/turns/01900000-0000-7000-8000-000000000001?wait=61", null, 400, "api.range")]
    [InlineData("GET", "/api/nothing", null, 404, "notFound")]
    [InlineData("PUT", "/api/chats", null, 405, "notAllowed")]
    [InlineData("POST", "/api/messages", "{}", 400, "api.missing")]
    [InlineData("POST", "/api/messages", """{"text":""}""", 400, "message.empty")]
    [InlineData("POST", "/api/messages", """{"text":7}""", 400, "api.type")]
    [InlineData("POST", "/api/messages", """{"text":"x","chatId":"x"}""", 400, "api.type")]
    [InlineData("POST", "/api/messages", """{"text":"x","model":"nobody's"}""", 404, "api.model")]
    [InlineData("POST", "/api/messages", """{"text":"x","temperature":3}""", 400, "api.range")]
    [InlineData("POST", "/api/messages", """{"text":"x","chatId":"01900000-0000-7000-8000-000000000001"}""", 404, "notFound")]
    public async Task What_is_wrong_is_said_as_a_problem(string method, string path, string? body, int status, string code)
    {
        await using var server = await ApiServer.StartAsync(DatabaseKind.Sqlite);
        using var program = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : ApiServer.Json(body) };

        using var answer = await program.SendAsync(request, Cancelled);

        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(answer.Headers.GetValues("X-Request-Id").Single(), problem.GetProperty("traceId").GetString());
        Assert.DoesNotContain("{", problem.GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Z01_Z10_what_is_somebody_elses_is_not_there_for_any_token()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var ana = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        var chat = await AskAsync(server, ana);
        var turn = (await JsonAsync(ana, $"/api/chats/{chat}/messages")).GetProperty("items")[1].GetProperty("id").GetString();
        using var person = await server.InviteAsync("bruno@example.org");
        using var bruno = server.Program(await ApiServer.MakeTokenAsync(person, "ReadChats", "WriteChats"));
        var asked = server.App.Upstream.Requests.Count;
        (string Method, string Path, object? Body)[] tries =
        [
            ("GET", $"/api/chats/{chat}", null),
            ("GET", $"/api/chats/{chat}/messages", null),
            ("PATCH", $"/api/chats/{chat}", new { title = "Mine" }),
            ("DELETE", $"/api/chats/{chat}", null),
            ("GET", $"/api/turns/{turn}", null),
            ("POST", $"/api/turns/{turn}/stop", null),
            ("POST", "/api/messages", new { text = "Mine", chatId = chat }),
        ];
        foreach (var (method, path, body) in tries)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : ApiServer.Json(body) };
            using var answer = await bruno.SendAsync(request, Cancelled);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
        }

        Assert.Empty((await JsonAsync(bruno, "/api/chats")).GetProperty("items").EnumerateArray());
        Assert.Empty((await JsonAsync(bruno, "/api/search?q=hello")).GetProperty("items").EnumerateArray());
        Assert.Equal(asked, server.App.Upstream.Requests.Count);
        Assert.Equal(2, (await JsonAsync(ana, $"/api/chats/{chat}/messages")).GetProperty("items").GetArrayLength());
    }

    [EachDatabase]
    public async Task A_token_that_reads_changes_nothing_and_one_that_writes_reads_nothing(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var reader = server.Program(await server.MakeTokenAsync("ReadChats"));
        using var writer = server.Program(await server.MakeTokenAsync("WriteChats"));

        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/api/chats", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsync("/api/messages", ApiServer.Json(new { text = "x" }), Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await writer.GetAsync("/api/chats", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await writer.PostAsync("/api/messages", ApiServer.Json(new { text = "x", model = server.App.Upstream.Models[0] }), Cancelled)).StatusCode);
    }

    private static async Task<string> AskAsync(ApiServer server, HttpClient program)
    {
        using var sent = await program.PostAsync("/api/messages", ApiServer.Json(new { text = "Hello [[n=2]]", model = server.App.Upstream.Models[0] }), Cancelled);
        var turn = await JsonAsync(program, $"{sent.Headers.Location}?wait=60");
        return turn.GetProperty("turn").GetProperty("chatId").GetString()!;
    }

    private static async Task<JsonElement> JsonAsync(HttpClient program, string path) => JsonElement.Parse(await program.GetStringAsync(path, Cancelled));
}
