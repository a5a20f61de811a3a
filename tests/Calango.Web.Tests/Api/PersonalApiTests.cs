using System.Net;
using System.Text.Json;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Api;

public sealed class PersonalApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_program_writes_instructions_and_facts_and_rates_an_answer(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var program = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));

        using var instructed = await program.PatchAsync("/api/personal", ApiServer.Json(new { instructions = "Be brief." }), Cancelled);
        using var added = await program.PostAsync("/api/facts", ApiServer.Json(new { text = "I live in Natal." }), Cancelled);
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var fact = JsonElement.Parse(await added.Content.ReadAsStringAsync(Cancelled)).GetProperty("id").GetGuid();
        using var changed = await program.PatchAsync($"/api/facts/{fact}", ApiServer.Json(new { text = "I live in Recife." }), Cancelled);
        var personal = JsonElement.Parse(await program.GetStringAsync("/api/personal", Cancelled));
        Assert.Equal("Be brief.", personal.GetProperty("instructions").GetString());
        Assert.Equal("I live in Recife.", Assert.Single(personal.GetProperty("facts").EnumerateArray()).GetProperty("text").GetString());
        using var removed = await program.DeleteAsync($"/api/facts/{fact}", Cancelled);
        using var gone = await program.DeleteAsync($"/api/facts/{fact}", Cancelled);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (removed.StatusCode, gone.StatusCode));

        using var asked = await program.PostAsync("/api/messages", ApiServer.Json(new { text = "Hi", model = server.App.Upstream.Models[0] }), Cancelled);
        var turn = asked.Headers.Location!.ToString();
        await program.GetStringAsync($"{turn}?wait=60", Cancelled);
        using var rated = await program.PostAsync($"{turn}/rating", ApiServer.Json(new { good = false, reasons = new[] { "tooLong" }, comment = "Shorter." }), Cancelled);
        var rating = JsonElement.Parse(await rated.Content.ReadAsStringAsync(Cancelled)).GetProperty("rating");
        Assert.Equal("""{"good":false,"reasons":["tooLong"],"comment":"Shorter."}""", rating.GetRawText());
        using var refused = await program.PostAsync($"{turn}/rating", ApiServer.Json(new { good = true, reasons = new[] { "8" } }), Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var withdrawn = await program.DeleteAsync($"{turn}/rating", Cancelled);
        Assert.Equal(JsonValueKind.Null, JsonElement.Parse(await withdrawn.Content.ReadAsStringAsync(Cancelled)).GetProperty("rating").ValueKind);
    }

    [Fact]
    public async Task Another_persons_facts_and_answers_are_not_there()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var bruno = await server.InviteAsync("bruno@example.org");
        using var program = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        using var brunos = server.Program(await ApiServer.MakeTokenAsync(bruno, "ReadChats", "WriteChats"));
        using var reader = server.Program(await server.MakeTokenAsync("ReadChats"));
        using var added = await program.PostAsync("/api/facts", ApiServer.Json(new { text = "I live in Natal." }), Cancelled);
        var fact = $"/api/facts/{JsonElement.Parse(await added.Content.ReadAsStringAsync(Cancelled)).GetProperty("id").GetGuid()}";

        Assert.Equal(HttpStatusCode.NotFound, (await brunos.DeleteAsync(fact, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await brunos.PatchAsync(fact, ApiServer.Json(new { text = "x" }), Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.DeleteAsync(fact, Cancelled)).StatusCode);
        Assert.DoesNotContain("Natal", await brunos.GetStringAsync("/api/personal", Cancelled), StringComparison.Ordinal);
    }
}
