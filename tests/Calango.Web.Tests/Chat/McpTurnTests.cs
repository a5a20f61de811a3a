using AngleSharp.Dom;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Chat;

/// <summary>A turn with a real server of the Model Context Protocol, from the packages that tests/McpServers pins.</summary>
public sealed class McpTurnTests
{
    private static readonly string Servers = Path.Combine(TestFolders.Repository, "tests", "McpServers");

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task An_administrator_adds_a_server_and_a_model_uses_it_with_a_persons_word(DatabaseKind kind)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Servers, "node_modules")), "The servers are not installed; ./calango test does it.");
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.PostAsync("/models/titles", TestEnd, ("_method", "PUT"), ("Mode", "Off"));
        (string, string)[] fields =
        [
            ("Name", "Everything"), ("IsOn", "true"), ("Values[transport]", "stdio"), ("Values[command]", "node"),
            ("Values[arguments]", $"\"{Servers}/node_modules/@modelcontextprotocol/server-everything/dist/index.js\" stdio"), ("Values[environment]", "SECRET=canary-variable"),
        ];

        var tried = await ana.PostAsync("/tool-servers/new/mcp", TestEnd, [.. fields, ("Test", "true")]);
        Assert.Matches("It answers and has [0-9]+ tools", tried.QuerySelector("#tool-server-test")!.TextContent);
        Assert.DoesNotContain("canary", tried.DocumentElement.OuterHtml, StringComparison.Ordinal);
        await ana.PostAsync("/tool-servers/new/mcp", TestEnd, fields);
        Assert.Equal("/plugins", ana.Path);

        app.Upstream.Enqueue(
            new UpstreamReply { Text = "I ask.", Tool = "get-sum", ToolArguments = """{"a":20,"b":22}""" }, new UpstreamReply { SaysResult = true });
        var all = (await ana.GetAsync("/chat/new/settings", TestEnd)).QuerySelectorAll(".tools-choice label").Single(label => label.TextContent.Contains("Everything", StringComparison.Ordinal));
        await ana.PostAsync("/messages", TestEnd, ("Text", "Add"), ("Model", app.Model.ToString()), ("Tools", all.QuerySelector("input")!.GetAttribute("value")!));
        var chat = ana.Path;
        IElement? ask = null;
        await Eventually.HoldsAsync("it is asked", async () => (ask = (await ana.GetAsync(chat, TestEnd)).QuerySelector("[data-ask]")) is not null, TestEnd);
        Assert.Contains("Everything", ask!.TextContent, StringComparison.Ordinal);
        await ana.PostAsync(ask.QuerySelectorAll("button").Single(button => button.TextContent == "Allow").GetAttribute("formaction")!, TestEnd);

        var page = await ana.WholeAsync(chat, answers: 1, TestEnd);
        Assert.Contains("42", page.QuerySelectorAll(".answer .block").Last().TextContent, StringComparison.Ordinal);
        Assert.Equal("Done", page.QuerySelector(".tool-use")!.GetAttribute("data-state"));
    }
}
