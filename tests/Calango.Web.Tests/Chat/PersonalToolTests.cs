using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Chat;

/// <summary>What a person enters themselves for tools, in pages that need no scripts.</summary>
public sealed class PersonalToolTests
{
    private const string Mine = "canary-of-mine";

    private static readonly UpstreamReply Sum = new() { Text = "I ask.", Tool = "get-sum", ToolArguments = """{"a":20,"b":22}""" };

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_server_that_wants_each_persons_token_is_used_once_they_have_entered_it_where_the_chat_says(DatabaseKind kind)
    {
        Assert.SkipUnless(McpGateway.IsInstalled, "The servers are not installed; ./calango test does it.");
        await using var gateway = await McpGateway.StartAsync(Mine);
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.PostAsync("/models/titles", TestEnd, ("_method", "PUT"), ("Mode", "Off"));
        (string, string)[] fields = [("Name", "Everything"), ("IsOn", "true"), ("Values[transport]", "http"), ("Values[address]", $"{gateway.Address}"), ("Values[token-of]", "own")];
        var tried = await ana.PostAsync("/tool-servers/new/mcp", TestEnd, [.. fields, ("Test", "true")]);
        Assert.Equal("toolServer.lacksYours", tried.QuerySelector("#tool-server-test [data-failure]")!.GetAttribute("data-failure"));
        Assert.Equal("own", tried.QuerySelector<IHtmlSelectElement>("[name='Values[token-of]']")!.Value);
        await ana.PostAsync("/tool-servers/new/mcp", TestEnd, fields);

        // Ticked all the same: it is only not offered.
        app.Upstream.Enqueue(new UpstreamReply { Text = "Without." }, Sum, new UpstreamReply { SaysResult = true }, new UpstreamReply { Text = "Without again." });
        var choice = await ana.GetAsync("/chat/new/settings", TestEnd);
        var yours = choice.QuerySelector(".tools-choice .hint a")!.GetAttribute("href")!;
        var all = choice.QuerySelectorAll(".tools-choice label").Single(label => label.TextContent.Contains("Everything", StringComparison.Ordinal)).QuerySelector("input")!.GetAttribute("value")!;
        await ana.PostAsync("/messages", TestEnd, ("Text", "Add"), ("Model", app.Model.ToString()), ("Tools", all));
        var chat = ana.Path;
        var page = await ana.WholeAsync(chat, answers: 1, TestEnd);
        Assert.False(app.Upstream.Requests[0].Body.TryGetProperty("tools", out _));
        Assert.Equal(yours, page.QuerySelector("#composer-lacking [data-lacking] a")!.GetAttribute("href"));

        var form = await ana.GetAsync(yours, TestEnd);
        Assert.Contains($"goes to {gateway.Address.Authority} and nowhere else", form.Body!.TextContent, StringComparison.Ordinal);
        var place = ("Place", form.QuerySelector("[name=Place]")!.GetAttribute("value")!);
        var refused = await ana.PostAsync(yours, TestEnd, place, ("Values[token]", ""));
        Assert.Equal("This is needed.", refused.QuerySelector("#setting-token-error")!.TextContent);
        var wrong = await ana.PostAsync(yours, TestEnd, place, ("Values[token]", "canary-wrong"), ("Test", "true"));
        Assert.Equal("provider.unauthorized", wrong.QuerySelector("#yours-test [data-failure]")!.GetAttribute("data-failure"));
        var right = await ana.PostAsync(yours, TestEnd, place, ("Values[token]", Mine), ("Test", "true"));
        Assert.Matches("It answers and has [0-9]+ tools", right.QuerySelector("#yours-test")!.TextContent);
        Assert.NotNull((await ana.GetAsync(chat, TestEnd)).QuerySelector("[data-lacking]"));
        await ana.PostAsync(yours, TestEnd, place, ("Values[token]", Mine));
        Assert.Equal("/tools", ana.Path);
        var stored = await ana.GetAsync(yours, TestEnd);
        Assert.All(new[] { wrong, right, stored }, shown => Assert.DoesNotContain("canary", shown.DocumentElement.OuterHtml, StringComparison.Ordinal));
        Assert.Equal("", stored.QuerySelector<IHtmlInputElement>("#setting-token")!.Value);
        Assert.NotEmpty(stored.QuerySelector("#setting-token")!.GetAttribute("placeholder")!);

        await ana.PostAsync($"{chat}/messages", TestEnd, ("Text", "Again"));
        IElement? ask = null;
        await Eventually.HoldsAsync("it is asked", async () => (ask = (page = await ana.GetAsync(chat, TestEnd)).QuerySelector("[data-ask]")) is not null, TestEnd);
        Assert.Null(page.QuerySelector("[data-lacking]"));
        await ana.PostAsync(ask!.QuerySelectorAll("button").Single(button => button.TextContent == "Allow").GetAttribute("formaction")!, TestEnd);
        page = await ana.WholeAsync(chat, answers: 2, TestEnd);
        Assert.Contains("42", page.QuerySelectorAll(".answer .block").Last().TextContent, StringComparison.Ordinal);
        Assert.Equal([Mine], gateway.Tokens.Except(["canary-wrong"]));

        await ana.PostAsync(yours, TestEnd, ("_method", "DELETE"));
        await ana.PostAsync($"{chat}/messages", TestEnd, ("Text", "Once more"));
        page = await ana.WholeAsync(chat, answers: 3, TestEnd);
        Assert.False(app.Upstream.Requests[^1].Body.TryGetProperty("tools", out _));
        Assert.NotNull(page.QuerySelector("[data-lacking]"));
    }

    [EachDatabase]
    public async Task Where_an_administrator_has_moved_a_server_meanwhile_nothing_is_stored_and_the_page_says_so(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        (string, string)[] fields = [("Name", "Everything"), ("IsOn", "true"), ("Values[transport]", "http"), ("Values[token-of]", "own")];
        await ana.PostAsync("/tool-servers/new/mcp", TestEnd, [.. fields, ("Values[address]", "http://one.invalid/mcp")]);
        var edit = (await ana.GetAsync("/plugins", TestEnd)).QuerySelectorAll("#tool-servers .card").Single(card => card.TextContent.Contains("Everything", StringComparison.Ordinal)).QuerySelector("a")!.GetAttribute("href")!;
        var yours = edit.Replace("/tool-servers/", "/tools/", StringComparison.Ordinal);
        var place = (await ana.GetAsync(yours, TestEnd)).QuerySelector("[name=Place]")!.GetAttribute("value")!;
        await ana.PostAsync(edit, TestEnd, [.. fields, ("Values[address]", "http://other.invalid/mcp")]);

        var moved = await ana.PostAsync(yours, TestEnd, ("Place", place), ("Values[token]", Mine));

        Assert.Contains("An administrator has changed where Everything is", moved.QuerySelector("#yours-test")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("goes to other.invalid", moved.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("", (await ana.GetAsync(yours, TestEnd)).QuerySelector("#setting-token")!.GetAttribute("placeholder") ?? "");
        using var unknown = await ana.Http.GetAsync($"/tools/{Guid.CreateVersion7()}", TestEnd);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [EachDatabase]
    public async Task The_tools_that_come_along_have_settings_of_the_administrators_and_of_each_persons(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var card = (await ana.GetAsync("/plugins", TestEnd)).QuerySelectorAll("#tool-servers .card").Single(card => card.TextContent.Contains("Calculator", StringComparison.Ordinal));
        var edit = card.QuerySelector("a")!.GetAttribute("href")!;
        Assert.Null((await ana.GetAsync(edit, TestEnd)).QuerySelector("#setting-timeZone"));
        foreach (var (length, mistake) in new[] { ("many", "Enter a number."), ("1.5e3.2", "Enter a number."), ("1500.5", "Enter a whole number."), ("9", "This number is too small or too large.") })
        {
            var refused = await ana.PostAsync(edit, TestEnd, ("IsOn", "true"), ("Values[pageLength]", length));
            Assert.Equal(mistake, refused.QuerySelector("#setting-pageLength-error")!.TextContent);
            Assert.Equal(length, refused.QuerySelector<IHtmlInputElement>("#setting-pageLength")!.GetAttribute("value"));
        }

        Assert.Equal("40000", (await ana.GetAsync(edit, TestEnd)).QuerySelector("#setting-pageLength")!.GetAttribute("value"));
        var tried = await ana.PostAsync(edit, TestEnd, ("IsOn", "true"), ("Values[pageLength]", "1500"), ("Test", "true"));
        Assert.Contains("It answers and has 3 tools", tried.QuerySelector("#tool-server-test")!.TextContent, StringComparison.Ordinal);
        await ana.PostAsync(edit, TestEnd, ("IsOn", "true"), ("Values[pageLength]", "1500"));
        Assert.Equal("1500", (await ana.GetAsync(edit, TestEnd)).QuerySelector("#setting-pageLength")!.GetAttribute("value"));

        var yours = (await ana.GetAsync("/tools", TestEnd)).QuerySelector("#tool-rules .button")!.GetAttribute("href")!;
        var form = await ana.GetAsync(yours, TestEnd);
        Assert.Null(form.QuerySelector("#setting-pageLength"));
        Assert.Equal("", form.QuerySelector<IHtmlSelectElement>("#setting-timeZone")!.Value);
        await ana.PostAsync(yours, TestEnd, ("Place", form.QuerySelector("[name=Place]")!.GetAttribute("value")!), ("Values[timeZone]", "America/Recife"));
        Assert.Equal("America/Recife", (await ana.GetAsync(yours, TestEnd)).QuerySelector<IHtmlSelectElement>("#setting-timeZone")!.Value);
    }
}
