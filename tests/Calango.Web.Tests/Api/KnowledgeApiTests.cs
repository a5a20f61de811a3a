using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Api;

public sealed class KnowledgeApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_program_makes_a_collection_fills_it_and_finds_in_it(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadKnowledge", "WriteKnowledge"));

        var collection = await MakeAsync(program, new { name = "Field notes", description = "What I saw", options = new { maxPassages = 3 } });
        var address = $"/api/collections/{collection.GetProperty("id").GetString()}";
        Assert.Equal(("manage", 3, 0.3), (collection.GetProperty("right").GetString(), collection.GetProperty("options").GetProperty("maxPassages").GetInt32(), collection.GetProperty("options").GetProperty("threshold").GetDouble()));
        using var added = await AddAsync(program, address, "lizards.md", "# Sleep\n\nIguanas sleep high in the trees.\n\n# Food\n\nGeckos eat moths at night.");
        Assert.Equal(HttpStatusCode.Accepted, added.StatusCode);
        var document = await ReadyAsync(program, added.Headers.Location!.ToString());

        Assert.Equal(("lizards.md", 2, "en"), (document.GetProperty("name").GetString(), document.GetProperty("passages").GetInt32(), document.GetProperty("language").GetString()));
        Assert.Equal("lizards.md", Assert.Single((await JsonAsync(program, $"{address}/documents")).GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        var passages = (await JsonAsync(program, $"{added.Headers.Location}/passages")).GetProperty("items").EnumerateArray().Select(passage => (passage.GetProperty("headings").GetString(), passage.GetProperty("text").GetString()));
        Assert.Equal([("Sleep", "Iguanas sleep high in the trees."), ("Food", "Geckos eat moths at night.")], passages);
        var found = await JsonAsync(program, $"{address}/search?q=Where+do+iguanas+sleep");
        var best = found.GetProperty("items")[0];
        Assert.Equal(("chosen", "Iguanas sleep high in the trees."), (best.GetProperty("fate").GetString(), best.GetProperty("passage").GetProperty("text").GetString()));
        Assert.Contains("Field notes", (await server.Owner.GetAsync("/knowledge", Cancelled)).Body!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task What_a_program_changes_and_removes_is_changed_and_gone(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadKnowledge", "WriteKnowledge"));
        var address = $"/api/collections/{(await MakeAsync(program, new { name = "Notes", embedder = (string?)null })).GetProperty("id").GetString()}";
        using var added = await AddAsync(program, address, "a.txt", "Iguanas sleep.");
        await ReadyAsync(program, added.Headers.Location!.ToString());

        using var changed = await program.PatchAsync(address, ApiServer.Json(new { name = "Lizards", options = new { threshold = 0.5, fusionWeight = 0.25 } }), Cancelled);
        var collection = JsonElement.Parse(await changed.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(("Lizards", 0.5, 0.25, 8), (collection.GetProperty("name").GetString(), Option("threshold").GetDouble(), Option("fusionWeight").GetDouble(), Option("maxPassages").GetInt32()));

        using var gone = await program.DeleteAsync(added.Headers.Location!.ToString(), Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync(added.Headers.Location!.ToString(), Cancelled)).StatusCode);
        using var removed = await program.DeleteAsync(address, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync(address, Cancelled)).StatusCode);

        JsonElement Option(string name) => collection.GetProperty("options").GetProperty(name);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task The_body_is_the_file_whatever_type_it_is_sent_as(string? type)
    {
        await using var server = await ApiServer.StartAsync(DatabaseKind.Sqlite);
        using var program = server.Program(await server.MakeTokenAsync("ReadKnowledge", "WriteKnowledge"));
        var address = $"/api/collections/{(await MakeAsync(program, new { name = "Notes" })).GetProperty("id").GetString()}";
        using var body = new ByteArrayContent("_method=DELETE&Iguanas sleep."u8.ToArray());
        body.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);

        using var added = await program.PostAsync($"{address}/documents?name=a.txt", body, Cancelled);

        Assert.Equal(HttpStatusCode.Accepted, added.StatusCode);
        await ReadyAsync(program, added.Headers.Location!.ToString());
        var passages = (await JsonAsync(program, $"{added.Headers.Location}/passages")).GetProperty("items");
        Assert.Equal("_method=DELETE&Iguanas sleep.", passages[0].GetProperty("text").GetString());
    }

    [EachDatabase]
    public async Task Documents_come_in_parts_and_by_name(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadKnowledge", "WriteKnowledge"));
        var address = $"/api/collections/{(await MakeAsync(program, new { name = "Notes" })).GetProperty("id").GetString()}";
        foreach (var name in new[] { "c.txt", "a.txt", "b.txt" })
        {
            (await AddAsync(program, address, name, $"Text of {name}.")).Dispose();
        }

        var first = await JsonAsync(program, $"{address}/documents?limit=2");
        var second = await JsonAsync(program, $"{address}/documents?limit=2&after={first.GetProperty("next").GetString()}");

        Assert.Equal(["a.txt", "b.txt", "c.txt"], Names(first).Concat(Names(second)));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal(["b.txt"], Names(await JsonAsync(program, $"{address}/documents?q=B.")));

        static IEnumerable<string?> Names(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_token_that_only_reads_changes_nothing_and_one_for_chats_sees_nothing()
    {
        await using var server = await ApiServer.StartAsync(DatabaseKind.Sqlite);
        using var writer = server.Program(await server.MakeTokenAsync("ReadKnowledge", "WriteKnowledge"));
        var address = $"/api/collections/{(await MakeAsync(writer, new { name = "Notes" })).GetProperty("id").GetString()}";
        using var reader = server.Program(await server.MakeTokenAsync("ReadKnowledge"));
        using var chatter = server.Program(await server.MakeTokenAsync("Models", "ReadChats", "WriteChats"));

        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(address, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AddAsync(reader, address, "a.txt", "x")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.DeleteAsync(address, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await chatter.GetAsync(address, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Anothers_collection_is_not_there_and_one_that_is_shared_is_as_far_as_it_is()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var ana = server.Program(await server.MakeTokenAsync("ReadKnowledge", "WriteKnowledge"));
        var id = (await MakeAsync(ana, new { name = "Notes" })).GetProperty("id").GetString();
        using var person = await server.InviteAsync("bruno@example.com");
        using var bruno = server.Program(await ApiServer.MakeTokenAsync(person, "ReadKnowledge", "WriteKnowledge"));
        Assert.Equal(HttpStatusCode.NotFound, (await bruno.GetAsync($"/api/collections/{id}", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await bruno.GetAsync($"/api/collections/{id}/search?q=x", Cancelled)).StatusCode);

        await server.Owner.GetAsync($"/knowledge/{id}/members", Cancelled);
        await server.Owner.PostAsync($"/knowledge/{id}/members", Cancelled, ("Email", "bruno@example.com"), ("Right", "Read"));

        Assert.Equal("read", (await JsonAsync(bruno, $"/api/collections/{id}")).GetProperty("right").GetString());
        Assert.False((await AddAsync(bruno, $"/api/collections/{id}", "a.txt", "x")).IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("POST", "", "{}", 400, "api.missing")]
    [InlineData("POST", "", """{"name":"x","embedder":"nobody's"}""", 400, "collection.embedder")]
    [InlineData("POST", "", """{"name":"x","options":{"threshold":2}}""", 400, "api.range")]
    [InlineData("POST", "", """{"name":"x","options":{"chunkTokens":3}}""", 400, "retrieval.chunkTokens")]
    [InlineData("POST", "", """{"name":"x","options":7}""", 400, "api.type")]
    [InlineData("GET", "/{id}/search", null, 400, "api.missing")]
    [InlineData("POST", "/{id}/documents", "text", 400, "api.missing")]
    [InlineData("POST", "/{id}/documents?name=a.txt", "", 400, "document.empty")]
    [InlineData("POST", "/{id}/sources", """{"address":"file:///etc/passwd"}""", 400, "source.address")]
    [InlineData("POST", "/{id}/evaluation/questions", """{"questions":[{"question":"x","documents":["gone.txt"]}]}""", 400, "evaluation.document")]
    [InlineData("POST", "/{id}/evaluation/questions", """{"questions":[{"question":"x","documents":[]}]}""", 400, "evaluation.none")]
    [InlineData("POST", "/{id}/evaluation/runs", """{"options":{"threshold":2}}""", 400, "api.range")]
    [InlineData("GET", "/{id}/documents?limit=1000", null, 400, "api.range")]
    [InlineData("GET", "/01900000-0000-7000-8000-000000000001", null, 404, "notFound")]
    public async Task What_is_wrong_is_said_as_a_problem_and_nothing_is_made(string method, string path, string? body, int status, string code)
    {
        await using var server = await ApiServer.StartAsync(DatabaseKind.Sqlite);
        using var program = server.Program(await server.MakeTokenAsync("ReadKnowledge", "WriteKnowledge"));
        var id = (await MakeAsync(program, new { name = "Notes" })).GetProperty("id").GetString();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/collections{path.Replace("{id}", id, StringComparison.Ordinal)}") { Content = body is null ? null : ApiServer.Json(body) };

        using var answer = await program.SendAsync(request, Cancelled);

        Assert.Equal((status, code), ((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).GetProperty("code").GetString()));
        Assert.Single((await JsonAsync(program, "/api/collections")).GetProperty("items").EnumerateArray());
        Assert.Empty((await JsonAsync(program, $"/api/collections/{id}/documents")).GetProperty("items").EnumerateArray());
    }

    [EachDatabase]
    public async Task A_program_measures_a_collection_in_two_ways(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadKnowledge", "WriteKnowledge"));
        var address = $"/api/collections/{(await MakeAsync(program, new { name = "Notes", embedder = (string?)null })).GetProperty("id").GetString()}";
        foreach (var (name, text) in new[] { ("iguanas.txt", "Iguanas sleep high in the trees."), ("geckos.txt", "Geckos eat moths at night.") })
        {
            using var added = await AddAsync(program, address, name, text);
            await ReadyAsync(program, added.Headers.Location!.ToString());
        }

        using var asked = await program.PostAsync($"{address}/evaluation/questions", ApiServer.Json(new { questions = new[] { new { question = "Where do iguanas sleep in the rain?", documents = new[] { "iguanas.txt" } } } }), Cancelled);
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        using var first = await program.PostAsync($"{address}/evaluation/runs", ApiServer.Json(new { }), Cancelled);
        using var second = await program.PostAsync($"{address}/evaluation/runs", ApiServer.Json(new { options = new { threshold = 1, maxPassages = 2 } }), Cancelled);

        var runs = (await JsonAsync(program, $"{address}/evaluation/runs")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([(1.0, 1.0, 2), (1.0, 0.0, 1)], [Of(JsonElement.Parse(await first.Content.ReadAsStringAsync(Cancelled)), 2), Of(runs[0], 1)]);
        Assert.Equal(0.3, (await JsonAsync(program, address)).GetProperty("options").GetProperty("threshold").GetDouble());
        using var cleared = await program.DeleteAsync($"{address}/evaluation/questions", Cancelled);
        Assert.Empty((await JsonAsync(program, $"{address}/evaluation/questions")).GetProperty("items").EnumerateArray());

        static (double, double, int) Of(JsonElement run, int place) => (run.GetProperty("ndcg").GetDouble(), run.GetProperty("given").GetDouble(), place);
    }

    [EachDatabase]
    public async Task A_program_adds_a_source_changes_it_and_removes_it(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadKnowledge", "WriteKnowledge"));
        var address = $"/api/collections/{(await MakeAsync(program, new { name = "Notes" })).GetProperty("id").GetString()}/sources";

        using var added = await program.PostAsync(address, ApiServer.Json(new { address = "http://127.0.0.1:1/notes", interval = "weekly" }), Cancelled);
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var source = added.Headers.Location!.ToString();
        await Eventually.HoldsAsync("an inward address is refused", async () => (await JsonAsync(program, source)).GetProperty("failureCode").GetString() is not null, Cancelled);
        using var changed = await program.PatchAsync(source, ApiServer.Json(new { interval = "never" }), Cancelled);
        using var wrong = await program.PatchAsync(source, ApiServer.Json(new { interval = "often" }), Cancelled);

        Assert.Equal(("web", "never", "http://127.0.0.1:1/notes"), Of(Assert.Single((await JsonAsync(program, address)).GetProperty("items").EnumerateArray())));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var refreshed = await program.PostAsync($"{source}/refresh", null, Cancelled);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        using var removed = await program.DeleteAsync(source, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync(source, Cancelled)).StatusCode);

        static (string?, string?, string?) Of(JsonElement source) => (source.GetProperty("kind").GetString(), source.GetProperty("interval").GetString(), source.GetProperty("address").GetString());
    }

    private static async Task<JsonElement> MakeAsync(HttpClient program, object collection)
    {
        using var made = await program.PostAsync("/api/collections", ApiServer.Json(collection), Cancelled);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return JsonElement.Parse(await made.Content.ReadAsStringAsync(Cancelled));
    }

    private static Task<HttpResponseMessage> AddAsync(HttpClient program, string collection, string name, string text) =>
        program.PostAsync($"{collection}/documents?name={name}", new ByteArrayContent(Encoding.UTF8.GetBytes(text)), Cancelled);

    private static async Task<JsonElement> ReadyAsync(HttpClient program, string document)
    {
        JsonElement last = default;
        await Eventually.HoldsAsync("it can be found", async () => (last = await JsonAsync(program, document)).GetProperty("state").GetString() == "ready", Cancelled);
        return last;
    }

    private static async Task<JsonElement> JsonAsync(HttpClient program, string path) => JsonElement.Parse(await program.GetStringAsync(path, Cancelled));
}
