using System.Text;
using Calango.Browser.Tests.Browsing;
using Calango.Core.Chat;
using Calango.Core.Exchange;
using Calango.Core.Identity;
using Calango.Core.Knowledge;
using Calango.Core.Plugins;
using Calango.Core.Sharing;
using Calango.Core.Templates;
using Calango.Core.Tools;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

/// <summary>Every page, in each language, theme and width: accessible, no wider than the screen, and pictured in artifacts/screenshots.</summary>
public sealed class PageTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    private static readonly UpstreamReply RichAnswer = new()
    {
        Reasoning = 16,
        Text = """
            The person asks about lizards, so a table, a formula and a drawing will help here. ## Lizards of the caatinga

            A *calango* (`Tropidurus hispidus`) keeps warm in the **sun**. What it takes in follows from [its area](https://example.org):

            $$Q = \alpha A \int_0^t I(\tau)\,d\tau$$

            | Species | Length | Seen at noon |
            |---|---:|:---:|
            | Tropidurus hispidus | 18 cm | yes |
            | Ameivula ocellifera | 9 cm | rarely |

            > Quick, small, and never far from a wall.

            1. It wakes.
            2. It basks, at about $37\,^\circ\mathrm{C}$.

            ```csharp
            // Warm enough to run?
            public static bool CanRun(double celsius) => celsius is > 30 and < 42 || throw new InvalidOperationException($"{celsius} is no weather for a lizard");
            ```

            ```mermaid
            flowchart LR
              Wakes --> Basks{Warm?}
              Basks -->|yes| Runs
              Basks -->|no| Basks
            ```
            """,
    };

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 1280)]
    [InlineData("pt-BR", ColorScheme.Light, 360)]
    [InlineData("en-US", ColorScheme.Dark, 360)]
    public async Task Every_page_is_accessible_and_fits(string locale, ColorScheme colors, int width)
    {
        await using var ana = await browsers.OpenAsync(
            server.App.Address, new() { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } });
        ana.Expect("404");
        ana.Expect("400");
        var suffix = $"{locale}-{colors}-{width}";
        using var packages = new PluginPackages();
        var chat = await server.WriteChatAsync(1, TestEnd, RichAnswer);
        await server.WriteChatAsync(1, TestEnd, new UpstreamReply { Status = 400, ErrorMessage = "This account may not use the model." });

        var tools = await server.App.Services.GetRequiredService<ToolServers>().AddAsync(
            "mcp", new ToolServerInput("Everything", IsOn: true, new Dictionary<string, string?> { ["address"] = "http://127.0.0.1:9/mcp", ["token-of"] = ToolFields.Own }), TestEnd);

        var (collection, document) = await FillCollectionAsync();
        var template = await WriteTemplateAsync();
        var folder = await FillFoldersAsync(Guid.Parse(chat.Split('/')[^1]));
        var (shared, locked) = (await ShareAsync(chat, password: null), await ShareAsync(chat, "lizards at noon"));

        await ShowAsync("chat-new", "/");
        Assert.Equal(locale[..2], (await ana.Page.EvaluateAsync<string>("document.documentElement.lang"))[..2]);
        foreach (var (name, path) in new[]
        {
            ("models", "/models"), ("local", "/models/local"), ("embedders", "/models/embedders"), ("history", "/conversations"), ("archive", "/conversations?show=archived"), ("trash", "/conversations/trash"), ("trash-emptying", "/conversations/trash/emptying"), ("chat-menu", $"{chat}/menu"), ("chat-folder", $"{chat}/folder"), ("chat-tags", $"{chat}/tags"), ("folder", $"/conversations?folder={folder}"), ("folder-new", $"/folders/new?parent={folder}"), ("folder-menu", $"/folders/{folder}/menu"), ("folder-place", $"/folders/{folder}/place"), ("folder-deletion", $"/folders/{folder}/deletion"), ("chat-in-folder", $"/?folder={folder}"), ("tags", "/tags"), ("search", "/search?q=lizards"),
            ("plugins", "/plugins"), ("sink", "/plugins/langfuse"), ("admin-plugins", "/admin/plugins"),
            ("preferences", "/preferences"), ("personal", "/personal"), ("fact-new", "/personal/facts/new"), ("ratings", "/admin/ratings"), ("memory", "/memory"), ("tools", "/tools"), ("tools-yours", $"/tools/{tools}"), ("tool-server", $"/tool-servers/{tools}"), ("plugin-settings", "/admin/plugins/mcp/settings"),
            ("avatar", "/avatar"), ("files", "/files"), ("tokens", "/account/tokens"), ("data", "/data"), ("storage", "/admin/storage"), ("storage-s3", "/admin/storage?store=s3-storage"),
            ("server-settings", "/server/settings"), ("new-settings", "/chat/new/settings"), ("shortcuts", "/shortcuts"), ("offline", "/offline"), ("several", "/models/several"), ("palette", "/palette"), ("palette-found", "/palette?q=lizards"),
            ("knowledge", "/knowledge"), ("collection", collection), ("collection-setup", $"{collection}/setup"), ("collection-deletion", $"{collection}/deletion"), ("document", $"{document}?at=1#passage-1"),
            ("collection-search", $"{collection}/search?q=where+does+it+bask+at+noon"), ("collection-nothing", $"{collection}/search?q=submarines"),
            ("templates", "/templates"), ("template-new", "/templates/new"), ("template-import", "/templates/import"), ("template", template), ("template-use", $"{template}/use"), ("template-versions", $"{template}/versions"), ("template-deletion", $"{template}/deletion"),
            ("collection-evaluation", $"{collection}/evaluation"), ("collection-sources", $"{collection}/sources"), ("error", "/no-such-page"), ("settings", $"{chat}/settings"),
            ("exchange", "/exchange"), ("import", await BringChatsAsync()), ("export", $"{chat}/export"), ("print", $"{chat}/print"),
            ("chat-shares", $"{chat}/shares"), ("shares", "/shares"), ("shared", shared), ("shared-copy", $"{shared}/copy"), ("shared-locked", locked),
        })
        {
            await ShowAsync(name, path);
        }

        await ana.Page.GotoAsync($"{collection}/evaluation");
        await ana.Page.Locator("#questions-make button[type=submit]").ClickAsync();
        await ana.Page.Locator("#run button[type=submit]").ClickAsync();
        await Expect(ana.Page.Locator("#runs")).ToBeVisibleAsync();
        await ShowAsync("collection-measured", $"{collection}/evaluation");

        await ana.Page.GotoAsync("/plugins/langfuse");
        foreach (var (field, value) in new[] { ("address", "http://127.0.0.1:9"), ("publicKey", "pk-lf-1"), ("secretKey", "sk-lf-1") })
        {
            await ana.Page.Locator($"#setting-{field}").FillAsync(value);
        }

        await ana.Page.Locator("#sink-try").ClickAsync();
        await Expect(ana.Page.Locator("#sink-test [data-failure='provider.unreachable']")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#setting-secretKey")).ToHaveValueAsync("sk-lf-1");
        await CheckAsync("sink-failed");

        await ana.Page.GotoAsync($"/tools/{tools}");
        await ana.Page.Locator("#yours-save").ClickAsync();
        await Expect(ana.Page.Locator("#setting-token-error")).ToBeVisibleAsync();
        await ana.Page.Locator("#setting-token").FillAsync("secret-1");
        await ana.Page.Locator("#yours-try").ClickAsync();
        await Expect(ana.Page.Locator("#yours-test [data-failure='provider.unreachable']")).ToBeVisibleAsync();
        await Expect(ana.Page.Locator("#setting-token")).ToHaveValueAsync("secret-1");
        await CheckAsync("tools-yours-failed");
        await ana.Page.Locator("#yours-save").ClickAsync();
        await Expect(ana.Page.Locator("#tool-rules")).ToBeVisibleAsync();
        await server.App.Services.GetRequiredService<ToolServers>().RemoveAsync(tools, TestEnd);
        await server.App.Services.GetRequiredService<Templates>().RemoveAsync(Account.LocalId, Guid.Parse(template.Split('/')[^1]), TestEnd);

        await ana.Page.GotoAsync("/admin/plugins");
        await ana.Page.Locator("#package").SetInputFilesAsync(packages.Pack("1.0.0", signed: false, change: manifest => manifest.Replace("\"id\": \"echo\"", "\"id\": \"lizard\"", StringComparison.Ordinal)));
        await ana.Page.Locator("#plugin-upload button").ClickAsync();
        await Expect(ana.Page.Locator("#plugin-consent")).ToBeVisibleAsync();
        await CheckAsync("plugin-consent");
        Pack("1.1.0", "\"capabilities\": { \"network\": [\"example.com\"], \"secrets\": true }, \"changes\": \"Basks in the shade, too.\"");
        Pack("9.0.0", "\"capabilities\": {}", contract: "[7.0,8.0)");
        CatalogWriter.Write(packages.Folder, [new string('a', 64)]);
        await ShowAsync("catalogs-none", "/admin/plugins/catalogs");
        await ana.Page.Locator("#place").FillAsync("somewhere");
        await ana.Page.Locator("#catalog-form button").ClickAsync();
        await Expect(ana.Page.Locator("#catalog-form .field__error")).ToBeVisibleAsync();
        await ana.Page.Locator("#place").FillAsync(packages.Folder);
        await ana.Page.Locator("#catalog-form button").ClickAsync();
        await Expect(ana.Page.Locator("#offers .row").First).ToBeVisibleAsync();
        await CheckAsync("catalogs");
        await ana.Page.Locator("#offers a").First.ClickAsync();
        await Expect(ana.Page.Locator("form[action='/admin/plugins/inspection'] button").First).ToBeVisibleAsync();
        await CheckAsync("catalog-offer");
        await ana.Page.Locator("form[action='/admin/plugins/inspection'] button").First.ClickAsync();
        await Expect(ana.Page.Locator("#plugin-trust")).ToBeVisibleAsync();
        await CheckAsync("plugin-consent-stranger");
        await ana.Page.Locator("#plugin-trust button").ClickAsync();
        await Expect(ana.Page.Locator("#plugin-trust")).ToHaveCountAsync(0);
        await CheckAsync("plugin-consent-trusted");
        server.App.Services.GetRequiredService<PluginTrust>().Revoke([new string('b', 64)]);
        await ShowAsync("publishers", "/admin/plugins/publishers");
        var catalogs = server.App.Services.GetRequiredService<PluginCatalogs>();
        catalogs.Remove(catalogs.All[0].Id);
        await ana.Page.GotoAsync("/admin/plugins");
        await ana.Page.Locator("#plugin-anthropic a[href$='/disabling']").ClickAsync();
        await Expect(ana.Page.Locator("#dialog")).ToBeVisibleAsync();
        await CheckAsync("plugin-disabling");
        await ana.Page.Locator("#dialog [formaction$='/service']").ClickAsync();
        // The steps come by themselves.
        await Expect(ana.Page.Locator("[id^='operation-'] .card__head .badge:not(.badge--idle)")).ToBeVisibleAsync();
        await CheckAsync("plugin-operation");
        await ana.Page.GotoAsync("/admin/plugins");
        await ana.Page.Locator("#plugin-anthropic [formaction$='/service']").ClickAsync();
        await Expect(ana.Page.Locator("[id^='operation-'] .card__head .badge:not(.badge--idle)")).ToBeVisibleAsync();

        await ana.Page.GotoAsync("/models/first-run");
        await Expect(ana.Page.Locator("#services[hx-trigger=load]")).ToHaveCountAsync(0);
        await CheckAsync("first-run");

        await ana.Page.GotoAsync("/");
        await ana.Page.Locator("#model .button--model").ClickAsync();
        await Expect(ana.Page.Locator("#dialog")).ToBeVisibleAsync();
        await CheckAsync("picker");
        await ana.Page.GotoAsync("/");
        await ana.Page.Locator("#model a[href^='/models/several']").ClickAsync();
        await Expect(ana.Page.Locator("#dialog")).ToBeVisibleAsync();
        await CheckAsync("several-dialog");
        await ana.Page.GotoAsync("/conversations");
        await ana.Page.Locator("#main .conversation a").First.ClickAsync();
        await Expect(ana.Page.Locator(".failure")).ToBeVisibleAsync();
        await CheckAsync("chat-failed");

        // Tall enough for the whole answer.
        await ana.Page.SetViewportSizeAsync(width, 2200);
        await ana.Page.GotoAsync(chat);
        await ana.Page.Locator(".reasoning summary").ClickAsync();
        await Expect(ana.Page.Locator("[data-coloured]")).ToHaveCountAsync(1);
        await Expect(ana.Page.Locator(".katex-display")).ToHaveCountAsync(1);
        await Expect(ana.Page.Locator(".code--drawn")).ToHaveCountAsync(1);
        const string ColorOf = "element => getComputedStyle(element).color";
        Assert.Equal(
            await ana.Page.Locator("body").EvaluateAsync<string>(ColorOf),
            await ana.Page.FrameLocator(".code__diagram").Locator(".nodeLabel").First.EvaluateAsync<string>(ColorOf));
        await CheckAsync("chat");
        await ana.Page.GotoAsync((await ana.Page.Locator(".facts a").GetAttributeAsync("href"))!);
        await CheckAsync("trace");
        await ana.Page.Locator("[hx-post$='/reruns']").ClickAsync();
        await Expect(ana.Page.Locator("#comparison [data-state=Complete]")).ToHaveCountAsync(2);
        await CheckAsync("comparison");
        await ana.Page.GotoAsync(chat);
        await ana.Page.Locator(".siblings a[href$='/compared']").ClickAsync();
        await Expect(ana.Page.Locator("#comparison [data-state=Complete]")).ToHaveCountAsync(2);
        await CheckAsync("compared");

        await ana.Page.GotoAsync("/models");
        await ana.Page.Locator(".card__tools a:not([href$=deletion])").First.ClickAsync();
        foreach (var more in await ana.Page.Locator("#connection-form summary").AllAsync())
        {
            await more.ClickAsync();
        }

        await CheckAsync("connection");

        void Pack(string version, string says, string contract = "[1.0,2.0)") => packages.Pack(version, change: manifest => manifest
            .Replace("\"id\": \"echo\"", "\"id\": \"lizard\"", StringComparison.Ordinal).Replace("\"capabilities\": {}", says, StringComparison.Ordinal)
            .Replace("[1.0,2.0)", contract, StringComparison.Ordinal));

        async Task ShowAsync(string name, string path)
        {
            await ana.Page.GotoAsync(path);
            await CheckAsync(name);
        }

        async Task CheckAsync(string name)
        {
            // What a page begins with says nothing of its colours.
            await ana.Page.WaitForLoadStateAsync();
            await ana.AssertAccessibleAsync();
            await ana.PictureAsync($"{name}-{suffix}");
            Assert.True(await ana.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page {name} is wider than the screen.");
        }
    }

    // What is ready, what could not be read, and what is stopped.
    private async Task<(string Collection, string Document)> FillCollectionAsync()
    {
        var collections = server.App.Services.GetRequiredService<Collections>();
        var documents = server.App.Services.GetRequiredService<Documents>();
        var id = (await collections.AddAsync(Account.LocalId, "Lizards of the caatinga", "Field notes and what others have written.", embedder: null, TestEnd)).Id;
        var notes = await documents.AddAsync(Account.LocalId, id, "field-notes-of-a-long-week-in-the-caatinga-with-a-name-that-is-longer-than-a-narrow-screen.md", new MemoryStream(Encoding.UTF8.GetBytes(
            $"# Sun\n\nA calango basks on warm stones at noon. {string.Join(' ', Enumerable.Repeat("It then runs.", 90))}\n\n# Food\n\nAt noon it also eats ants. {string.Join(' ', Enumerable.Repeat("It waits.", 120))}")), TestEnd);
        await documents.AddAsync(Account.LocalId, id, "walls.txt", new MemoryStream("They are never far from a wall, and bask there."u8.ToArray()), TestEnd);
        await documents.AddAsync(Account.LocalId, id, "broken.docx", new MemoryStream("PK\u0003\u0004\0\0 no zip"u8.ToArray()), TestEnd);
        await Eventually.HoldsAsync("nothing is under way", async () => (await collections.FindAsync(Account.LocalId, id, CollectionRight.Read, TestEnd)).UnderWay == 0, TestEnd);
        return ($"/knowledge/{id}", $"/knowledge/{id}/documents/{notes.Id}");
    }

    // Looked at, and not taken in.
    private async Task<string> BringChatsAsync()
    {
        var imports = server.App.Services.GetRequiredService<ChatImports>();
        foreach (var waiting in (await imports.ListAsync(Account.LocalId, TestEnd)).Where(import => import.State <= ImportState.Ready))
        {
            await imports.CancelAsync(Account.LocalId, waiting.Id, TestEnd);
        }

        var brought = await imports.BeginAsync(Account.LocalId, "conversations-of-a-very-long-year-with-a-name-that-is-longer-than-a-narrow-screen.json", new MemoryStream(Encoding.UTF8.GetBytes(
            """[{"uuid":"c1","name":"Lizards","created_at":"2025-01-02T10:00:00Z","updated_at":"2025-03-02T10:00:00Z","model":"claude-of-the-caatinga-with-a-long-name-2025-01-02","chat_messages":[{"uuid":"m1","sender":"human","text":"Where?","files":[{"file_name":"a.png"}]},{"uuid":"m2","sender":"assistant","text":"There.","content":[{"type":"dance"}]}]}]""")), TestEnd);
        await Eventually.HoldsAsync("it was looked at", async () => (await imports.FindAsync(Account.LocalId, brought.Id, TestEnd)).State == ImportState.Ready, TestEnd);
        return $"/exchange/imports/{brought.Id}";
    }

    private async Task<string> ShareAsync(string chat, string? password)
    {
        var shares = server.App.Services.GetRequiredService<Shares>();
        var id = await shares.MakeAsync(Account.LocalId, Guid.Parse(chat.Split('/')[^1]), new NewShare(IsLive: password is null, ExpiresAt: TimeProvider.System.GetUtcNow().AddDays(7), password), TestEnd);
        return $"/s/{(await shares.FindAsync(Account.LocalId, id, TestEnd)).Token}";
    }

    private async Task<Guid> FillFoldersAsync(Guid chat)
    {
        var folders = server.App.Services.GetRequiredService<Folders>();
        var tags = server.App.Services.GetRequiredService<Tags>();
        var outer = await folders.AddAsync(Account.LocalId, "Caatinga", null, TestEnd);
        var inner = await folders.AddAsync(Account.LocalId, "Field notes of a long week with a name that is longer than a narrow screen", outer.Id, TestEnd);
        await server.App.Services.GetRequiredService<ChatActs>().DoAsync(Account.LocalId, [chat], ChatAct.Move, inner.Id, TestEnd);
        await tags.ReplaceAsync(Account.LocalId, chat, [(await tags.AddAsync(Account.LocalId, "field notes", TagColor.Leaf, TestEnd)).Id, (await tags.AddAsync(Account.LocalId, "sky", TagColor.Sky, TestEnd)).Id], TestEnd);
        return inner.Id;
    }

    // Every type of variable, and a version before it.
    private async Task<string> WriteTemplateAsync()
    {
        var templates = server.App.Services.GetRequiredService<Templates>();
        var content = new TemplateContent("Explain at a level", "Explain {topic}.") { Command = "explain", Description = "What something is, for whoever asks.", Category = "Learning", Tags = ["teaching", "lizards"] };
        var template = await templates.AddAsync(Account.LocalId, content, isPublished: false, TestEnd);
        await templates.SaveAsync(
            Account.LocalId,
            template.Id,
            content with
            {
                Text = "Explain {topic} to a {level} reader.\nUse {notes} and {sheet}.\nAt most {words} words, by {day}.",
                Variables =
                [
                    new TemplateVariable("level") { Type = VariableType.Choice, Choices = ["new", "seasoned"], Default = "new", Hint = "Who reads it" },
                    new TemplateVariable("notes") { Type = VariableType.LongText, IsRequired = false }, new TemplateVariable("sheet") { Type = VariableType.File },
                    new TemplateVariable("words") { Type = VariableType.Number, Minimum = 10, Maximum = 500 }, new TemplateVariable("day") { Type = VariableType.Date },
                ],
            },
            seen: null,
            mayPublish: false,
            TestEnd);
        await templates.RateAsync(Account.LocalId, template.Id, 4, TestEnd);
        return $"/templates/{template.Id}";
    }

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("pt-BR", ColorScheme.Dark, 360)]
    public async Task A_connection_that_fails_says_why_on_its_page(string locale, ColorScheme colors, int width)
    {
        await using var ana = await browsers.OpenAsync(
            server.App.Address, new() { Locale = locale, ColorScheme = colors, ViewportSize = new() { Width = width, Height = 800 } });
        await using var service = await ScriptedUpstream.StartAsync();
        await ana.Page.GotoAsync("/models/connections/new");
        await ana.Page.Locator("#setting-address").FillAsync(service.Address.ToString());
        var failure = ana.Page.Locator("#connection-test [data-failure]");

        foreach (var (status, code) in new[]
        {
            (401, "unauthorized"), (402, "paymentRequired"), (403, "forbidden"), (404, "endpointNotFound"), (429, "rateLimited"), (500, "serviceFailed"),
        })
        {
            service.Answer("/v1/models", """{"error":{"message":"The service says this."}}""", status: status);
            await ana.Page.Locator("#connection-try").ClickAsync();
            await Expect(failure).ToHaveAttributeAsync("data-failure", $"provider.{code}");
            await ana.PictureAsync($"connection-{code}-{locale}-{colors}-{width}");
        }

        await ana.AssertAccessibleAsync();
        Assert.True(await ana.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
    }
}
