using System.Net;
using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;
using Calango.Web.Tests.Exchange;

namespace Calango.Web.Tests.Sharing;

/// <summary>Programs make links, list and revoke them, as far as their token may.</summary>
public sealed class ShareApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_program_makes_a_link_lists_it_and_revokes_it(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var writer = server.Program(await server.MakeTokenAsync("ReadChats", "WriteChats"));
        using var reader = server.Program(await server.MakeTokenAsync("ReadChats"));
        using var stranger = server.App.VisitAsStranger();
        await server.Owner.ImportAsync("whole.json", WholeChat.Json, Cancelled);

        using var refused = await reader.PostAsync("/api/shares", ApiServer.Json(new { chatId = WholeChat.Id }), Cancelled);
        using var made = await writer.PostAsync("/api/shares", ApiServer.Json(new { chatId = WholeChat.Id, expiresAt = "2999-01-01T00:00:00-03:00" }), Cancelled);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Created), (refused.StatusCode, made.StatusCode));
        var share = JsonElement.Parse(await made.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal((false, false, "2999-01-01T03:00:00+00:00"), (share.GetProperty("isLive").GetBoolean(), share.GetProperty("hasPassword").GetBoolean(), share.GetProperty("expiresAt").GetString()));
        var link = new Uri(share.GetProperty("url").GetString()!).PathAndQuery;
        Assert.Equal(4, (await stranger.GetAsync(link, Cancelled)).TextsOf().Count);
        Assert.Equal(share.GetProperty("id").GetGuid(), Assert.Single(await ItemsAsync($"?chat={WholeChat.Id}")).GetProperty("id").GetGuid());
        Assert.Empty(await ItemsAsync($"?chat={Guid.CreateVersion7()}"));
        foreach (var body in new object[] { new { chatId = Guid.CreateVersion7() }, new { chatId = WholeChat.Id, password = "short" }, new { chatId = WholeChat.Id, expiresAt = "soon" }, new { chatId = WholeChat.Id, expiresAt = "2020-01-01T00:00:00Z" }, new { isLive = true } })
        {
            using var wrong = await writer.PostAsync("/api/shares", ApiServer.Json(body), Cancelled);
            Assert.True(wrong.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{body}: {wrong.StatusCode}");
        }

        using var kept = await reader.DeleteAsync($"/api/shares/{share.GetProperty("id")}", Cancelled);
        using var revoked = await writer.DeleteAsync($"/api/shares/{share.GetProperty("id")}", Cancelled);
        using var twice = await writer.DeleteAsync($"/api/shares/{share.GetProperty("id")}", Cancelled);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (kept.StatusCode, revoked.StatusCode, twice.StatusCode));
        Assert.Empty(await ItemsAsync(""));

        async Task<List<JsonElement>> ItemsAsync(string query) => [.. JsonElement.Parse(await reader.GetStringAsync($"/api/shares{query}", Cancelled)).GetProperty("items").EnumerateArray()];
    }
}
