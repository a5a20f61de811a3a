using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;
using Calango.Web.Tests.Exchange;
using Calango.Web.Tests.Identity;
using Calango.Web.Tests.Markdown;

namespace Calango.Web.Tests.Sharing;

/// <summary>What whoever has a link sees of a chat, and what they cannot do.</summary>
public sealed partial class SharedChatTests : IAsyncLifetime
{
    private const string Chat = $"/chat/{WholeChat.Id}";
    private const string Answer = $"{Chat}/messages/019a0000-0000-7000-8000-000000000012";

    private ApiServer _server = null!;
    private Visitor _bruno = null!;
    private Visitor _stranger = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Visitor Ana => _server.Owner;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        _bruno = await _server.InviteAsync("bruno@example.org");
        _stranger = _server.App.VisitAsStranger();
        await Ana.ImportAsync("whole.json", WholeChat.Json, Cancelled);
        // With a source, a tool's call, thoughts and a trace.
        await Ana.PostAsync($"{Answer}/shown", Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        _stranger?.Dispose();
        _bruno?.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UX_74_nothing_of_whose_it_is_is_in_the_page_and_no_other_site_and_no_search_learns_of_it(bool isLive)
    {
        var link = await Ana.ShareAsync(Chat, isLive, Cancelled);

        using var answer = await _stranger.Http.GetAsync(link, Cancelled);

        var html = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("no-referrer", "noindex, nofollow", "no-store"), (Header("Referrer-Policy"), Header("X-Robots-Tag"), Header("Cache-Control")));
        Assert.DoesNotContain("Set-Cookie", answer.Headers.ToString(), StringComparison.Ordinal);
        foreach (var hidden in new[]
        {
            "Ana", "ana@example.org", "019a0000", "Be brief", "rocks & roofs", "rocks &amp; roofs", "They like warmth", "reptiles.pdf", "sleeping places", "Rewritten by hand", "Under", "Go on", "lizard-1", "Scripted", "Library", "Lizards differ",
        })
        {
            Assert.DoesNotContain(hidden, html, StringComparison.Ordinal);
        }

        Assert.Empty(Id().Matches(html));
        var page = await Reading.PageAsync(answer, Cancelled);
        Assert.Equal(["Where do lizards sleep? 🦎", "In the sun.Found it."], page.TextsOf().Select(text => text.ReplaceLineEndings("")));
        Assert.Equal("Lizard One", page.QuerySelector(".message__who")!.TextContent.Trim());
        Assert.Empty(page.QuerySelectorAll("form, button, input, textarea"));

        string Header(string name) => string.Join(", ", answer.Headers.GetValues(name));
    }

    [Fact]
    public async Task Of_the_sources_only_those_are_named_that_the_answer_names_and_none_of_their_text_is_shown()
    {
        await Ana.ImportAsync("cited.json", WholeChat.Json.Replace("019a", "019b", StringComparison.Ordinal).Replace("Found it.", "Found it [1].", StringComparison.Ordinal), Cancelled);
        var chat = Chat.Replace("019a", "019b", StringComparison.Ordinal);
        await Ana.PostAsync(Answer.Replace("019a", "019b", StringComparison.Ordinal) + "/shown", Cancelled);

        var page = await _stranger.GetAsync(await Ana.ShareAsync(chat, isLive: false, Cancelled), Cancelled);

        var source = page.QuerySelector(".reading__sources li")!;
        Assert.Equal("reptiles.pdf · Page 7", source.TextContent, ignoreCase: true);
        Assert.Equal($"#{source.Id}", page.QuerySelector(".answer .cite")!.GetAttribute("href"));
        Assert.DoesNotContain("They sleep on rocks", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Z06_whoever_reads_a_shared_chat_changes_nothing_and_reads_nothing_else_of_it()
    {
        await Ana.ShareAsync(Chat, isLive: true, Cancelled);
        var before = await Ana.ExportAsync(Cancelled);
        (string Method, string Path)[] tries =
        [
            ("GET", Chat), ("DELETE", Chat), ("POST", $"{Chat}/messages"), ("GET", Answer), ("PUT", Answer), ("DELETE", Answer), ("POST", $"{Answer}/answers"), ("POST", $"{Answer}/fork"), ("POST", $"{Answer}/shown"),
            ("GET", $"{Chat}/messages/019a0000-0000-7000-8000-000000000014/source"), ("GET", "/turns/019a0000-0000-7000-8000-000000000012/trace"), ("GET", "/turns/019a0000-0000-7000-8000-000000000012/events"),
            ("GET", $"{Chat}/export?format=json"), ("GET", $"{Chat}/shares"), ("POST", $"{Chat}/shares"), ("PUT", $"{Chat}/title"), ("GET", "/files/documents/019a0000-0000-7000-8000-0000000000d1/019a0000-0000-7000-8000-0000000000d2"),
        ];
        await _bruno.GetAsync("/", Cancelled);

        foreach (var (method, path) in tries)
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(_bruno, method, path));
            Assert.NotEqual(HttpStatusCode.OK, await StatusAsync(_stranger, method, path));
        }

        Assert.Equal(before, await Ana.ExportAsync(Cancelled));
        var share = (await Ana.GetAsync("/shares", Cancelled)).QuerySelector("#shares button")!.GetAttribute("formaction")!;
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (await StatusAsync(_bruno, "GET", share), await StatusAsync(_bruno, "DELETE", share)));
    }

    [Fact]
    public async Task UX_74_whoever_has_signed_in_copies_it_and_goes_on_and_whoever_has_not_signs_in_first()
    {
        var link = await Ana.ShareAsync(Chat, isLive: false, Cancelled);
        Assert.Equal("Sign in to copy it to your chats", (await _stranger.GetAsync(link, Cancelled)).QuerySelector("a[href$='/copy']")!.TextContent.Trim());
        await _stranger.GetAsync($"{link}/copy", Cancelled);
        Assert.Equal($"/sign-in?returnUrl={Uri.EscapeDataString($"{link}/copy")}", _stranger.Path);

        var copy = (await _bruno.GetAsync(link, Cancelled)).QuerySelector("a[href$='/copy']")!;
        Assert.Equal("Copy to my chats", copy.TextContent.Trim());
        await _bruno.GetAsync(copy.GetAttribute("href")!, Cancelled);
        var page = await _bruno.PostAsync($"{link}/copy", Cancelled);

        Assert.Equal("Lizards & <b>sun</b>", page.QuerySelector("#title")!.TextContent);
        Assert.Equal("Lizard One", page.QuerySelector(".message--answer .message__who span")!.TextContent);
        var chat = _bruno.Path;
        Assert.NotEqual(Chat, chat);
        var all = await _bruno.Http.GetStringAsync($"{chat}/export?format=json", Cancelled);
        Assert.All(new[] { "019a0000", "Be brief", "They like warmth", "rocks", "reptiles" }, hidden => Assert.DoesNotContain(hidden, all, StringComparison.Ordinal));
        await _bruno.PostAsync($"{chat}/messages", Cancelled, ("Text", "And why?"), ("ClientMessageId", Guid.CreateVersion7().ToString()), ("Model", _server.App.Model.ToString()));
        await _bruno.WholeAsync(chat, 2, Cancelled);
        Assert.Contains("lizards sleep", (await _bruno.GetAsync("/search?q=sleep", Cancelled)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, (await _stranger.GetAsync(link, Cancelled)).TextsOf().Count);
    }

    [Fact]
    public async Task A_link_that_opens_nothing_any_more_never_says_why()
    {
        await _bruno.ImportAsync("whole.json", WholeChat.Json, Cancelled);
        var chat = (await _bruno.ChatsAsync(Cancelled))[0];
        var (revoked, suspended, off) = (await _bruno.ShareAsync(chat, isLive: false, Cancelled), await _bruno.ShareAsync(chat, isLive: true, Cancelled), await Ana.ShareAsync(Chat, isLive: true, Cancelled));
        var links = await _bruno.GetAsync($"{chat}/shares", Cancelled);
        await _bruno.PostAsync(links.QuerySelectorAll("#shares button")[1].GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));
        Assert.Equal([suspended], (await _bruno.GetAsync("/shares", Cancelled)).LinksOf());
        var person = (await Ana.GetAsync("/admin/people?q=bruno@example.org", Cancelled)).QuerySelector("#people li a")!.GetAttribute("href")!;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_stranger, "GET", suspended));

        var never = await GoneAsync("/s/" + new string('A', 43));
        await Ana.PostAsync($"{person}/suspension", Cancelled);

        Assert.Equal(never, await GoneAsync(revoked));
        Assert.Equal(never, await GoneAsync(suspended));
        Assert.Equal(never, await GoneAsync(off[..^1] + (off[^1] == 'A' ? 'B' : 'A')));
        Assert.Equal(never, await GoneAsync(off.ToUpperInvariant()));
        await Ana.PostAsync($"{person}/suspension", Cancelled, ("_method", "DELETE"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_stranger, "GET", suspended));

        await _server.App.RestartAsync(("CALANGO_SHARING", "off"));

        using var ana = _server.App.Visit();
        _stranger.Dispose();
        _stranger = _server.App.VisitAsStranger();
        Assert.Equal(never, await GoneAsync(off));
        Assert.DoesNotContain("Share…", (await ana.GetAsync($"{Chat}/menu", Cancelled)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        using var refused = await ana.TryPostAsync($"{Chat}/shares", Cancelled, ("IsLive", "true"), ("For", "Forever"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal([off], (await ana.GetAsync("/shares", Cancelled)).LinksOf());

        async Task<string> GoneAsync(string link)
        {
            using var answer = await _stranger.Http.GetAsync(link, Cancelled);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            return (await Reading.PageAsync(answer, Cancelled)).QuerySelector("h1 + p")!.TextContent;
        }
    }

    [Fact]
    public async Task A_password_is_asked_for_is_no_part_of_the_page_and_cannot_be_guessed_for_long()
    {
        var link = await Ana.ShareAsync(Chat, isLive: false, Cancelled, ("Password", "lizards at noon"));
        using var shortOne = await Ana.TryPostAsync($"{Chat}/shares", Cancelled, ("IsLive", "false"), ("For", "Forever"), ("Password", "short"));
        Assert.Equal(HttpStatusCode.BadRequest, shortOne.StatusCode);

        var locked = await _stranger.GetAsync(link, Cancelled);
        Assert.DoesNotContain("izard", locked.DocumentElement.OuterHtml, StringComparison.Ordinal);
        await _bruno.GetAsync($"{link}/copy", Cancelled);
        Assert.Equal(link, _bruno.Path);
        using var wrong = await _stranger.TryPostAsync(link, Cancelled, ("Password", "lizards at night"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.DoesNotContain("Lizard One", await wrong.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(2, (await _stranger.PostAsync(link, Cancelled, ("Password", "lizards at noon"))).TextsOf().Count);
        Assert.Equal(2, (await _stranger.GetAsync(link, Cancelled)).TextsOf().Count);

        // It is this browser's, and of this link.
        Assert.Empty((await _bruno.GetAsync(link, Cancelled)).TextsOf());
        var other = await Ana.ShareAsync(Chat, isLive: true, Cancelled, ("Password", "lizards at dusk"));
        Assert.Empty((await _stranger.GetAsync(other, Cancelled)).TextsOf());
        HttpStatusCode last = default;
        for (var guess = 0; guess < 30 && last != HttpStatusCode.TooManyRequests; guess++)
        {
            using var answer = await _stranger.TryPostAsync(other, Cancelled, ("Password", $"lizards at {guess}"));
            last = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Fact]
    public async Task Those_who_look_are_counted_its_owner_is_not_and_what_was_made_and_revoked_is_written_down()
    {
        var link = await Ana.ShareAsync(Chat, isLive: false, Cancelled);
        await Ana.GetAsync(link, Cancelled);
        await _stranger.GetAsync(link, Cancelled);
        await _bruno.GetAsync(link, Cancelled);

        var listed = await Ana.GetAsync("/shares", Cancelled);

        Assert.Contains("Viewed 2 times", listed.QuerySelector("#shares li")!.TextContent, StringComparison.Ordinal);
        await Ana.PostAsync(listed.QuerySelector("#shares button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));
        var acts = LoginSite.Words((await Ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit")!.TextContent);
        Assert.Contains("Shared a chat with a link", acts, StringComparison.Ordinal);
        Assert.Contains("Revoked a link to a chat", acts, StringComparison.Ordinal);
        Assert.DoesNotContain(link.Split('/')[^1], acts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task X01_nothing_lives_in_the_title_and_the_messages_of_a_shared_chat()
    {
        string[] payloads = [.. SafetyTests.Payloads.Select(row => row.Data)];
        var messages = payloads.SelectMany(payload => new[] { ("human", payload), ("assistant", payload) }).Select((message, i) => new { uuid = $"{i}", sender = message.Item1, text = message.payload, created_at = "2025-01-02T10:00:00Z" });
        await Ana.ImportAsync("alive.json", JsonSerializer.Serialize(new[] { new { uuid = "x", name = "<img src=x onerror=alert(1)>", created_at = "2025-01-02T10:00:00Z", chat_messages = messages } }), Cancelled);
        var link = await Ana.ShareAsync((await Ana.ChatsAsync(Cancelled)).Single(chat => chat != Chat), isLive: false, Cancelled);

        var (pages, from) = (new List<AngleSharp.Html.Dom.IHtmlDocument>(), 0);
        do
        {
            pages.Add(await _stranger.GetAsync($"{link}?from={from}", Cancelled));
            from += 100;
        }
        while (from < payloads.Length * 2);

        Assert.Equal("<img src=x onerror=alert(1)>", pages[0].QuerySelector("h1")!.TextContent);
        Assert.Equal(payloads.Length * 2, pages.Sum(page => page.QuerySelectorAll("article").Length));
        foreach (var page in pages)
        {
            Assert.All(page.QuerySelectorAll(".message__bubble"), question => Assert.Empty(question.Children));
            Assert.All(page.QuerySelectorAll(".answer"), answer => Assert.Empty(SafetyTests.Alive(answer, "m[0-9]+")));
            Assert.Single(page.QuerySelectorAll("script, iframe, object, embed"));
            Assert.Empty(page.QuerySelectorAll("[onerror], [onload], [onclick], [hx-get], [hx-post], [data-hx-get]"));
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method != "GET")
        {
            request.Headers.Add("X-CSRF", visitor.Session is null ? "none" : await visitor.TokenAsync(Cancelled));
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("Text", "x"), KeyValuePair.Create("IsLive", "true"), KeyValuePair.Create("For", "Forever"), KeyValuePair.Create("ClientMessageId", Guid.CreateVersion7().ToString())]);
        }

        using var answer = await visitor.Http.SendAsync(request, Cancelled);
        return answer.StatusCode;
    }

    [GeneratedRegex("[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}", RegexOptions.IgnoreCase)]
    private static partial Regex Id();
}
