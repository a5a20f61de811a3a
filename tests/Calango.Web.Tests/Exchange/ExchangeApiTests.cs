using System.Net;
using System.Text;
using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Exchange;

/// <summary>Programs take chats and bring them, as far as their token may.</summary>
public sealed class ExchangeApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_program_brings_a_file_sees_what_is_in_it_starts_it_and_takes_the_chat_again(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var writer = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        using var reader = server.Program(await server.MakeTokenAsync("ReadChats"));
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes(WholeChat.Json));

        using var refused = await reader.PostAsync("/api/imports?name=whole.json", file, Cancelled);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var brought = await writer.PostAsync("/api/imports?name=whole.json", file, Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, brought.StatusCode);
        var import = brought.Headers.Location!.ToString();
        await UntilAsync("ready");
        Assert.Equal(HttpStatusCode.NotFound, (await reader.GetAsync($"/api/chats/{WholeChat.Id}", Cancelled)).StatusCode);
        using var started = await writer.PostAsync($"{import}/start", null, Cancelled);
        var result = (await UntilAsync("done")).GetProperty("result");

        Assert.Equal((1, 6), (result.GetProperty("outcomes").GetProperty("added").GetInt32(), result.GetProperty("messages").GetInt32()));
        Assert.StartsWith("{\n  \"schema\": \"calango/chat\"", await reader.GetStringAsync($"/api/chats/{WholeChat.Id}/export", Cancelled), StringComparison.Ordinal);
        Assert.StartsWith("# Lizards", await reader.GetStringAsync($"/api/chats/{WholeChat.Id}/export?format=markdown", Cancelled), StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", (await reader.GetStringAsync($"/api/chats/{WholeChat.Id}/export?format=html", Cancelled)).TrimStart(), StringComparison.Ordinal);
        using var all = await reader.GetAsync("/api/export", Cancelled);
        Assert.Equal("application/zip", all.Content.Headers.ContentType?.MediaType);
        using var wrong = await reader.GetAsync($"/api/chats/{WholeChat.Id}/export?format=pdf", Cancelled);
        using var ended = await writer.DeleteAsync(import, Cancelled);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NoContent), (wrong.StatusCode, ended.StatusCode));

        async Task<JsonElement> UntilAsync(string state)
        {
            var now = default(JsonElement);
            await Eventually.HoldsAsync(state, async () => (now = JsonElement.Parse(await reader.GetStringAsync(import, Cancelled))).GetProperty("state").GetString() == state, Cancelled);
            return now;
        }
    }
}
