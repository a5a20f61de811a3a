using System.IO.Compression;
using System.Net;
using System.Text;
using AngleSharp.Html.Parser;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Exchange;

/// <summary>Chats as files for people: Markdown, one page of HTML, and a page for paper.</summary>
public sealed class ReadableTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chat_as_Markdown_has_the_shown_path_with_who_said_what()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await ana.ImportAsync("whole.json", WholeChat.Json, Cancelled);

        var text = await ana.Http.GetStringAsync($"/chat/{WholeChat.Id}/export?format=markdown", Cancelled);

        Assert.Equal("# Lizards & <b>sun</b>\n\n## You\n\nWhere do lizards sleep? 🦎\n\n## Gecko\n\nUnder\n\n## You\n\nGo on\n\n## Gecko\n\n\n", text);
        await ana.PostAsync($"/chat/{WholeChat.Id}/messages/019a0000-0000-7000-8000-000000000012/shown", Cancelled);
        text = await ana.Http.GetStringAsync($"/chat/{WholeChat.Id}/export?format=markdown", Cancelled);
        Assert.Contains("## Lizard One\n\nIn the sun.\n\n> **Search** `{\"q\": \"lizards\"}`\n>\n> rocks & roofs\n\nFound it.\n\n1. reptiles.pdf\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_chats_as_Markdown_are_an_archive_with_a_file_for_each_that_every_system_can_name()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await ana.ImportAsync("two.zip", Exchanging.Zip(("a.json", Chat("a", "../..\\Where: lizards?")), ("b.json", Chat("b", "../..\\Where: lizards?")), ("c.json", Chat("c", "..."))), Cancelled);

        using var zip = new ZipArchive(new MemoryStream(await ana.Http.GetByteArrayAsync("/exchange/export?format=markdown", Cancelled)));
        using var one = await ana.Http.GetAsync($"/exchange/export?format=json&chat={(await ana.ChatsAsync(Cancelled))[0].Split('/')[^1]}", Cancelled);
        using var none = await ana.Http.GetAsync("/exchange/export?format=xml", Cancelled);

        Assert.Equal(["2025-01-02 New chat.md", "2025-01-02 Where lizards (2).md", "2025-01-02 Where lizards.md"], zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        Assert.Single(new ZipArchive(await one.Content.ReadAsStreamAsync(Cancelled)).Entries);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);

        static string Chat(string id, string title) => $$"""[{"uuid":"{{id}}","name":{{System.Text.Json.JsonSerializer.Serialize(title)}},"created_at":"2025-01-02T10:00:00Z","chat_messages":[{"uuid":"m","sender":"human","text":"Hi"}]}]""";
    }

    [Fact]
    public async Task A_chat_as_HTML_needs_nothing_else_and_runs_nothing_and_so_does_the_page_for_paper()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await ana.ImportAsync("whole.json", WholeChat.Json.Replace("Under", "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3)) ![y](https://evil.example/y.png) `code`", StringComparison.Ordinal), Cancelled);

        using var file = await ana.Http.GetAsync($"/chat/{WholeChat.Id}/export?format=html", Cancelled);
        using var page = await ana.Http.GetAsync($"/chat/{WholeChat.Id}/print", Cancelled);

        Assert.Equal("attachment", file.Content.Headers.ContentDisposition?.DispositionType);
        foreach (var answer in new[] { file, page })
        {
            var html = await answer.Content.ReadAsStringAsync(Cancelled);
            var document = await new HtmlParser().ParseDocumentAsync(html, Cancelled);
            Assert.Empty(document.QuerySelectorAll("script, link, iframe, object, img, [onerror], [style], a[href^='javascript']"));
            Assert.Single(document.QuerySelectorAll("style"));
            Assert.Equal("Lizards & <b>sun</b>", document.QuerySelector("h1")!.TextContent);
            Assert.Equal("code", document.QuerySelector(".answer code")!.TextContent);
            Assert.Equal(4, document.QuerySelectorAll("article").Length);
            Assert.DoesNotContain("calango.session", html, StringComparison.Ordinal);
        }

        Assert.Contains("default-src 'none'", (await new HtmlParser().ParseDocumentAsync(await file.Content.ReadAsStringAsync(Cancelled), Cancelled)).QuerySelector("meta[http-equiv]")!.GetAttribute("content"), StringComparison.Ordinal);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        var style = (await new HtmlParser().ParseDocumentAsync(await page.Content.ReadAsStringAsync(Cancelled), Cancelled)).QuerySelector("style")!.TextContent;
        Assert.Contains($"style-src 'sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'", policy, StringComparison.Ordinal);
    }
}
