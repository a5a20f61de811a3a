using System.Net;
using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Templates;

namespace Calango.Web.Tests.Api;

public sealed class TemplateApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_program_writes_finds_fills_in_changes_and_removes_a_template(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadTemplates", "WriteTemplates"));

        using var made = await program.PostAsync("/api/templates", ApiServer.Json(new
        {
            name = "Explain",
            command = "explain",
            tags = new[] { "teaching" },
            text = "Explain {topic} to {level} in {words} words. {{topic}}",
            variables = new object[] { new { name = "level", type = "choice", choices = new[] { "a beginner", "an expert" }, @default = "a beginner" }, new { name = "words", type = "number", max = 500 } },
        }), Cancelled);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var address = made.Headers.Location!.ToString();
        var template = JsonElement.Parse(await made.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(("manage", 1, false), (template.GetProperty("right").GetString(), template.GetProperty("version").GetInt32(), template.GetProperty("isPublished").GetBoolean()));
        Assert.Equal(["topic text", "level choice", "words number"], template.GetProperty("variables").EnumerateArray().Select(variable => $"{variable.GetProperty("name").GetString()} {variable.GetProperty("type").GetString()}"));
        Assert.Equal(["Explain"], (await server.Owner.NamesAsync("", Cancelled)));

        using var filled = await program.PostAsync($"{address}/render", ApiServer.Json(new { values = new { topic = "{level}", words = 90 } }), Cancelled);
        Assert.Equal("Explain {level} to a beginner in 90 words. {topic}", JsonElement.Parse(await filled.Content.ReadAsStringAsync(Cancelled)).GetProperty("text").GetString());

        using var changed = await program.PatchAsync(address, ApiServer.Json(new { name = "Explain it", command = (string?)null, version = 1 }), Cancelled);
        template = JsonElement.Parse(await changed.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(("Explain it", JsonValueKind.Null, 2, 1, 3), (template.GetProperty("name").GetString(), template.GetProperty("command").ValueKind, template.GetProperty("version").GetInt32(), template.GetProperty("uses").GetInt32(), template.GetProperty("variables").GetArrayLength()));
        using var late = await program.PatchAsync(address, ApiServer.Json(new { name = "Late", version = 1 }), Cancelled);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);

        var list = JsonElement.Parse(await program.GetStringAsync("/api/templates?q=explain&tag=teaching", Cancelled)).GetProperty("items");
        Assert.Equal("Explain it", Assert.Single(list.EnumerateArray()).GetProperty("name").GetString());
        using var removed = await program.DeleteAsync(address, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await program.GetAsync(address, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [EachDatabase]
    public async Task What_does_not_fit_is_refused_with_a_code_and_the_field(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadTemplates", "WriteTemplates"));
        using var made = await program.PostAsync("/api/templates", ApiServer.Json(new { name = "x", command = "x", text = "{n}", variables = new[] { new { name = "n", type = "number" } } }), Cancelled);
        var address = made.Headers.Location!.ToString();

        foreach (var (path, body, code) in new (string, string, string)[]
        {
            ("/api/templates", """{"text":"x"}""", "api.missing"), ("/api/templates", """{"name":"x","text":{}}""", "template.form"), ("/api/templates", """{"name":"y","text":"x","command":"X"}""", "template.taken"),
            ("/api/templates", """{"name":"y","text":"{v}","variables":[{"name":"v","type":"colour"}]}""", "template.type"), ("/api/templates", "[]", "api.json"),
            ("/api/templates", """{"name":"y","text":"nul \u0000"}""", "template.characters"), ("/api/templates", """{"name":"y","text":"\ud800"}""", "api.json"),
            ("/api/templates", """{"name":"y","text":"{v}","variables":[{"name":"v","type":"longText","default":"\u0000"}]}""", "template.characters"),
            ($"{address}/render", "{}", "template.required"), ($"{address}/render", """{"values":{"n":"many"}}""", "template.number"), ($"{address}/render", """{"values":{"n":[]}}""", "api.type"), ($"{address}/render", """{"values":7}""", "api.type"),
        })
        {
            using var refused = await program.PostAsync(path, ApiServer.Json(body), Cancelled);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal(code, JsonElement.Parse(await refused.Content.ReadAsStringAsync(Cancelled)).GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task A_token_opens_what_its_scopes_say_and_its_owner_may_and_changes_nothing_that_everybody_uses()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var bruno = await server.InviteAsync("bruno@example.org");
        var template = await server.Owner.WriteTemplateAsync("Recipe", "Bake {what}", Cancelled);
        var address = $"/api{template}";
        using var reader = server.Program(await server.MakeTokenAsync("ReadTemplates"));
        using var other = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        using var writer = server.Program(await server.MakeTokenAsync("WriteTemplates"));
        using var brunos = server.Program(await ApiServer.MakeTokenAsync(bruno, "ReadTemplates", "WriteTemplates"));

        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(address, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.DeleteAsync(address, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync("/api/templates", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await writer.GetAsync(address, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await brunos.GetAsync(address, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await brunos.DeleteAsync(address, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await brunos.PostAsync($"{address}/render", ApiServer.Json(new { values = new { what = "bread" } }), Cancelled)).StatusCode);

        await server.Owner.GetAsync(template, Cancelled);
        await server.Owner.PostAsync($"{template}/publication", Cancelled, ("_method", "PUT"));
        Assert.Equal(HttpStatusCode.OK, (await brunos.GetAsync(address, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await brunos.PatchAsync(address, ApiServer.Json(new { text = "x" }), Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await writer.PatchAsync(address, ApiServer.Json(new { text = "x" }), Cancelled)).StatusCode);
    }
}
