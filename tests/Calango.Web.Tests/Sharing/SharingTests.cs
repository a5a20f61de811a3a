using System.IO.Compression;
using System.Net;
using Calango.Core.Data;
using Calango.Core.Sharing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Exchange;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Sharing;

/// <summary>A chat is shown to others with links, for as long as whoever made them wants it.</summary>
public sealed class SharingTests
{
    private const string Chat = $"/chat/{WholeChat.Id}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task UX_73_a_link_shows_the_chat_until_it_is_revoked(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        using var stranger = app.VisitAsStranger();
        await ana.ImportAsync("whole.json", WholeChat.Json, Cancelled);
        Assert.Equal($"{Chat}/shares", (await ana.GetAsync($"{Chat}/menu", Cancelled)).QuerySelectorAll("[role=menuitem]").Single(item => item.TextContent.Trim() == "Share…").GetAttribute("href"));

        var link = await ana.ShareAsync(Chat, isLive: false, Cancelled, ("For", "Week"));

        Assert.Matches("^/s/[A-Za-z0-9_-]{43}$", link);
        var page = await stranger.GetAsync(link, Cancelled);
        Assert.Equal("Lizards & <b>sun</b>", page.QuerySelector("h1")!.TextContent);
        Assert.Equal(["Where do lizards sleep? 🦎", "Under", "Go on", ""], page.TextsOf());
        Assert.Equal(["Gecko", "Gecko"], page.QuerySelectorAll(".message__who").Select(who => who.TextContent.Trim()));
        var listed = await ana.GetAsync("/shares", Cancelled);
        Assert.Equal([link], listed.LinksOf());
        Assert.Contains("Snapshot", listed.QuerySelector("#shares li")!.TextContent, StringComparison.Ordinal);
        var revoke = listed.QuerySelector("#shares button")!.GetAttribute("formaction")!;
        Assert.EndsWith(link, await ana.Http.GetStringAsync(revoke, Cancelled), StringComparison.Ordinal);

        await ana.PostAsync(revoke, Cancelled, ("_method", "DELETE"));

        using var gone = await stranger.Http.GetAsync(link, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Contains("This link is not valid any more.", await gone.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Contains("You share no chat", (await ana.GetAsync("/shares", Cancelled)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task UX_73_a_snapshot_stays_as_it_was_whatever_becomes_of_the_chat_and_a_live_link_follows_it(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        using var stranger = app.VisitAsStranger();
        app.Upstream.Default = new UpstreamReply { Text = "On rocks." };
        await ana.PostAsync("/messages", Cancelled, ("Text", "Where?"), ("Model", app.Model.ToString()));
        var chat = ana.Path;
        var answer = (await ana.WholeAsync(chat, 1, Cancelled)).QuerySelector(".message--answer a[href$='/source']")!.GetAttribute("href")!.Replace("/source", "", StringComparison.Ordinal);
        var (kept, live) = (await ana.ShareAsync(chat, isLive: false, Cancelled), await ana.ShareAsync(chat, isLive: true, Cancelled));
        List<string> before = ["Where?", "On rocks."];
        Assert.Equal(before, await TextsAsync(kept));
        Assert.Equal(before, await TextsAsync(live));

        await ana.PostAsync(answer, Cancelled, ("_method", "PUT"), ("Text", "On roofs."));
        Assert.Equal(["Where?", "On roofs."], await TextsAsync(live));
        app.Upstream.Default = new UpstreamReply { Text = "Always." };
        await ana.PostAsync($"{chat}/messages", Cancelled, ("Text", "When?"), ("ClientMessageId", Guid.CreateVersion7().ToString()));
        await ana.WholeAsync(chat, 1, Cancelled);
        Assert.Equal(["Where?", "On roofs.", "When?", "Always."], await TextsAsync(live));
        await ana.PostAsync(answer, Cancelled, ("_method", "DELETE"));
        await ana.PostAsync($"{chat}/title", Cancelled, ("_method", "PUT"), ("text", "Another title"));

        Assert.Equal(before, await TextsAsync(kept));
        Assert.NotEqual("Another title", (await stranger.GetAsync(kept, Cancelled)).QuerySelector("h1")!.TextContent);
        Assert.Equal("Another title", (await stranger.GetAsync(live, Cancelled)).QuerySelector("h1")!.TextContent);

        async Task<List<string>> TextsAsync(string link) => (await stranger.GetAsync(link, Cancelled)).TextsOf();
    }

    [EachDatabase]
    public async Task What_is_still_being_written_is_shown_by_a_live_link_and_kept_by_no_snapshot(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        app.Upstream.Enqueue(new UpstreamReply { Endless = true, Rate = 20 });
        await ana.PostAsync("/messages", Cancelled, ("Text", "Where?"), ("Model", app.Model.ToString()));
        var chat = ana.Path;

        using var refused = await ana.TryPostAsync($"{chat}/shares", Cancelled, ("IsLive", "false"), ("For", "Forever"));
        var live = await ana.ShareAsync(chat, isLive: true, Cancelled);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("still being written", (await ana.GetAsync(live, Cancelled)).QuerySelector(".message--answer")!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_link_that_is_over_and_one_to_a_chat_in_the_trash_open_nothing_and_the_chat_brings_its_links_back(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        using var stranger = app.VisitAsStranger();
        await ana.ImportAsync("whole.json", WholeChat.Json, Cancelled);
        var (brief, lasting) = (await ana.ShareAsync(Chat, isLive: false, Cancelled, ("For", "Day")), await ana.ShareAsync(Chat, isLive: false, Cancelled, ("Date", "2999-12-31")));
        var (over, soon) = (TimeProvider.System.GetUtcNow().AddSeconds(-1), TimeProvider.System.GetUtcNow().AddDays(2));
        await app.Services.GetRequiredService<Database>().WriteAsync(
            db => db.Set<Share>().Where(share => share.ExpiresAt < soon).ExecuteUpdateAsync(set => set.SetProperty(share => share.ExpiresAt, over), Cancelled), Cancelled);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (await StatusAsync(brief), await StatusAsync(lasting)));
        Assert.Contains("Expired", (await ana.GetAsync("/shares", Cancelled)).QuerySelectorAll("#shares li")[1].TextContent, StringComparison.Ordinal);
        await ana.PostAsync(Chat, Cancelled, ("_method", "DELETE"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(lasting));
        await ana.PostAsync($"{Chat}/deletion", Cancelled, ("_method", "DELETE"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lasting));
        await ana.GetAsync($"{Chat}/shares", Cancelled);
        using var past = await ana.TryPostAsync($"{Chat}/shares", Cancelled, ("IsLive", "false"), ("For", "Forever"), ("Date", "2020-01-01"));
        using var noDay = await ana.TryPostAsync($"{Chat}/shares", Cancelled, ("IsLive", "false"), ("For", "Forever"), ("Date", "soon"));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (past.StatusCode, noDay.StatusCode));

        async Task<HttpStatusCode> StatusAsync(string link)
        {
            using var answer = await stranger.Http.GetAsync(link, Cancelled);
            return answer.StatusCode;
        }
    }

    [EachDatabase]
    public async Task Your_data_says_what_is_shared_and_no_file_holds_what_opens_it(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.ImportAsync("whole.json", WholeChat.Json, Cancelled);
        var before = await ana.ExportAsync(Cancelled);
        var token = (await ana.ShareAsync(Chat, isLive: true, Cancelled, ("Password", "lizards at noon"))).Split('/')[^1];

        Assert.Equal(before, await ana.ExportAsync(Cancelled));
        using var zip = new ZipArchive(new MemoryStream(await ana.Http.GetByteArrayAsync("/data/export", Cancelled)));
        using var reader = new StreamReader(zip.GetEntry("account.json")!.Open());
        var account = await reader.ReadToEndAsync(Cancelled);
        Assert.Contains("\"shares\"", account, StringComparison.Ordinal);
        Assert.Contains(WholeChat.Id, account, StringComparison.Ordinal);
        Assert.DoesNotContain(token, account, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_chat_is_read_page_by_page()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        var messages = string.Join(',', Enumerable.Range(0, 130).Select(i => $$"""{"uuid":"{{i}}","sender":"{{(i % 2 == 0 ? "human" : "assistant")}}","text":"word {{i}}","created_at":"2025-01-02T10:00:00Z"}"""));
        await ana.ImportAsync("long.json", $$"""[{"uuid":"c","name":"Long","created_at":"2025-01-02T10:00:00Z","chat_messages":[{{messages}}]}]""", Cancelled);
        var link = await ana.ShareAsync((await ana.ChatsAsync(Cancelled))[0], isLive: true, Cancelled);

        var first = await ana.GetAsync(link, Cancelled);
        var next = await ana.GetAsync(first.QuerySelector(".older a")!.GetAttribute("href")!, Cancelled);

        Assert.Equal("30 more messages", first.QuerySelector(".older a")!.TextContent);
        Assert.Equal(Enumerable.Range(0, 130).Select(i => $"word {i}"), [.. first.TextsOf(), .. next.TextsOf()]);
        Assert.Equal($"{link}?from=0", next.QuerySelector(".older a")!.GetAttribute("href"));
        Assert.Equal("word 129", Assert.Single((await ana.GetAsync($"{link}?from=2147483647", Cancelled)).TextsOf()));
    }
}
