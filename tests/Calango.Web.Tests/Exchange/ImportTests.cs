using System.Net;
using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Exchange;

/// <summary>Chats of other programs come, whatever their exports look like, and nothing comes that is broken.</summary>
public sealed class ImportTests
{
    private const string Claude =
        """
        [{"uuid":"c1","name":"Lizards","created_at":"2025-01-02T10:00:00Z","updated_at":"2025-01-02T11:00:00Z","chat_messages":[
          {"uuid":"m1","sender":"human","created_at":"2025-01-02T10:00:00Z","text":"Where?","content":[{"type":"text","text":"Where?"}],"attachments":[{"file_name":"notes.txt","extracted_content":"roofs"}],"files":[{"file_name":"photo.png"}]},
          {"uuid":"m2","sender":"assistant","created_at":"2025-01-02T10:00:05Z","content":[{"type":"thinking","thinking":"Think of the sun."},{"type":"text","text":"I look."},{"type":"tool_use","id":"t1","name":"web_search","input":{"query":"lizards"}},{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"rocks"}]},{"type":"text","text":"On rocks."}]}]}]
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_chat_of_Claude_is_looked_at_first_then_comes_with_thoughts_tools_and_times(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();

        var page = await ana.BringAsync("conversations.json", Claude, Cancelled);

        Assert.Equal(("Ready", "1"), (page.StateOf(), page.CountOf("Added")));
        Assert.Equal(["file"], page.LossesOf());
        Assert.Contains("Claude", page.QuerySelector("#import")!.TextContent, StringComparison.Ordinal);
        var import = ana.Path;
        Assert.Empty(await ana.ChatsAsync(Cancelled));
        await ana.GetAsync(import, Cancelled);
        page = await ana.TakeInAsync(Cancelled);
        Assert.Equal(("Done", "2"), (page.StateOf(), page.QuerySelector("[data-messages]")!.TextContent));
        var chat = await ana.GetAsync(Assert.Single(await ana.ChatsAsync(Cancelled)), Cancelled);
        Assert.Equal("Lizards", chat.QuerySelector("#title")!.TextContent);
        Assert.Contains("roofs", chat.QuerySelector(".message--question")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("📎 photo.png", chat.QuerySelector(".message--question")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Think of the sun.", chat.QuerySelector(".reasoning__text")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("web_search", chat.QuerySelector(".tool-use__name")!.TextContent);
        Assert.Contains("On rocks.", chat.QuerySelector(".answer")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("2025-01-02T10:00:00", chat.QuerySelector(".message--question time")!.GetAttribute("datetime"), StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_chat_that_has_grown_elsewhere_grows_here_and_twice_the_same_makes_no_doubles(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.ImportAsync("conversations.json", Claude, Cancelled);

        var known = await ana.ImportAsync("again.json", Claude, Cancelled);
        var grown = await ana.ImportAsync("later.json", Claude.Replace("""{"type":"text","text":"On rocks."}]}""", """{"type":"text","text":"On rocks."}]},{"uuid":"m3","sender":"human","created_at":"2025-01-03T10:00:00Z","text":"And at night?"},{"uuid":"m4","sender":"assistant","created_at":"2025-01-03T10:00:05Z","text":"In cracks."}""", StringComparison.Ordinal), Cancelled);

        Assert.Equal("1", known.CountOf("Known"));
        Assert.Equal("1", grown.CountOf("Grown"));
        var chat = Assert.Single(await ana.ChatsAsync(Cancelled));
        var page = await ana.GetAsync(chat, Cancelled);
        Assert.Equal(4, page.QuerySelectorAll(".message").Length);
        Assert.Contains("In cracks.", page.QuerySelector(".message--answer:last-child .answer")!.TextContent, StringComparison.Ordinal);
        await ana.PostAsync(chat, Cancelled, ("_method", "DELETE"));
        Assert.Empty(await ana.ChatsAsync(Cancelled));
        await ana.ImportAsync("conversations.json", Claude, Cancelled);
        Assert.Equal(chat, Assert.Single(await ana.ChatsAsync(Cancelled)));
    }

    [Fact]
    public async Task Branches_of_ChatGPT_are_alternatives_its_tools_are_tools_and_its_private_marks_are_links()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        var chat = new
        {
            title = "Lizards \ud800",
            create_time = 1735812000.5,
            update_time = 1735815600.0,
            conversation_id = "g1",
            current_node = "x",
            default_model_slug = "gpt-5",
            unknown = new { },
            mapping = new Dictionary<string, object>
            {
                ["root"] = new { id = "root", parent = (string?)null, children = new[] { "s" } },
                ["s"] = Node("s", "root", "system", "You are ChatGPT", hidden: true),
                ["q"] = Node("q", "s", "user", "Where do lizards sleep?"),
                ["c"] = Node("c", "q", "assistant", "search('lizards')", recipient: "web.run"),
                ["t"] = Node("t", "c", "tool", "rocks.example"),
                ["a1"] = Node("a1", "t", "assistant", "On rocks\ue200cite\ue202turn0search1\ue201, or \\(x\\) in cracks\ue200cite\ue202turn9\ue201.", slug: "gpt-5", references: true),
                ["a2"] = Node("a2", "q", "assistant", "In the sun.", slug: "gpt-4o"),
                ["x"] = Node("x", "a2", "user", "", parts: [new { content_type = "image_asset_pointer", asset_pointer = "file-service://x" }]),
            },
        };
        var zip = Exchanging.Zip(("conversations-000.json", JsonSerializer.Serialize(new[] { chat }).Replace("\\uFFFD", "\\ud83e", StringComparison.Ordinal)), ("conversations-001.json", "[]"), ("user.json", """{"id":"u"}"""), ("../../etc/passwd.json", "[1]"));

        var page = await ana.ImportAsync("chatgpt.zip", zip, Cancelled);

        Assert.Equal(("Done", "1"), (page.StateOf(), page.CountOf("Added")));
        Assert.Equal(["image"], page.LossesOf());
        var shown = await ana.GetAsync(Assert.Single(await ana.ChatsAsync(Cancelled)), Cancelled);
        Assert.StartsWith("Lizards", shown.QuerySelector("#title")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Where do lizards sleep?", "🖼"], shown.QuerySelectorAll(".message__bubble").Select(bubble => bubble.TextContent));
        var answer = shown.QuerySelector(".message--answer")!;
        Assert.Contains("gpt-4o", answer.TextContent, StringComparison.Ordinal);
        var other = answer.QuerySelector("[formaction$='/shown']")!.GetAttribute("formaction")!;
        shown = await ana.PostAsync(other, Cancelled);
        answer = shown.QuerySelector(".message--answer")!;
        Assert.Equal("web.run", answer.QuerySelector(".tool-use__name")!.TextContent);
        Assert.Equal("https://rocks.example/", answer.QuerySelector(".answer a")!.GetAttribute("href"));
        Assert.DoesNotContain("turn0", answer.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain('\ue200', answer.TextContent);
    }

    [Fact]
    public async Task Open_WebUI_LibreChat_and_chatbot_ui_are_known_by_how_they_look()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        const string WebUi =
            """
            [{"id":"w1","title":"WebUI","created_at":1735812000,"updated_at":1735812010,"chat":{"models":["llama3"],"system":"Be brief","history":{"currentId":"b","messages":{
              "a":{"id":"a","parentId":null,"childrenIds":["b","c"],"role":"user","content":"Hi","timestamp":1735812000,"files":[{"type":"file","name":"x.pdf"}]},
              "b":{"id":"b","parentId":"a","childrenIds":[],"role":"assistant","content":"<details type=\"reasoning\" done=\"true\" duration=\"2\">\n<summary>Thought</summary>\n> Warm.\n</details>\nHello","modelName":"Llama","timestamp":1735812005,"usage":{"prompt_tokens":5,"completion_tokens":7}},
              "c":{"id":"c","parentId":"a","childrenIds":[],"role":"assistant","content":"Howdy","model":"qwen","timestamp":1735812006}}}}}]
            """;
        const string Libre =
            """
            {"conversationId":"l1","title":"Libre","recursive":true,"options":{"model":"gpt-4","promptPrefix":"Prefix"},"messages":[{"messageId":"1","parentMessageId":"00000000-0000-0000-0000-000000000000","isCreatedByUser":true,"text":"Hi","children":[
              {"messageId":"2","isCreatedByUser":false,"model":"gpt-4","content":[{"type":"think","think":"Hm"},{"type":"text","text":{"value":"Yo"}},{"type":"tool_call","tool_call":{"name":"calc","args":"{}","output":"4","id":"k"}}],"children":[]},
              {"messageId":"3","isCreatedByUser":false,"text":"Hey","unfinished":true,"children":[]}]}]}
            """;
        const string ChatbotUi = """{"version":4,"history":[{"id":"u1","name":"Old","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Ho"}],"model":{"id":"gpt-3.5","name":"GPT-3.5"},"prompt":"P","temperature":0.5}],"folders":[{"id":"f"}],"prompts":[]}""";

        var page = await ana.ImportAsync("mixed.zip", Exchanging.Zip(("a.json", WebUi), ("b.json", Libre), ("c.json", ChatbotUi)), Cancelled);

        Assert.Equal(("3", "8"), (page.CountOf("Added"), page.QuerySelector("[data-messages]")!.TextContent));
        Assert.Equal(["file", "folder"], page.LossesOf());
        foreach (var (title, text) in new[] { ("WebUI", "Hello"), ("Libre", "Hey"), ("Old", "Ho") })
        {
            var chats = await Task.WhenAll((await ana.ChatsAsync(Cancelled)).Select(chat => ana.Http.GetStringAsync(chat, Cancelled)));
            Assert.Contains(chats, chat => chat.Contains(title, StringComparison.Ordinal) && chat.Contains(text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Samples_of_other_programs_come_whole()
    {
        Assert.SkipWhen(Exchanging.Samples is null, "There are no samples here: CALANGO_TEST_DATA names their folder.");
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        foreach (var (name, chats) in new[] { ("librechat_chatgpt-export.json", 2), ("librechat_librechat-tree.json", 1), ("librechat_chatbotui-export.json", 2), ("polylogue_chatgpt_sample-00.json", 1), ("polylogue_claude-ai_sample-00.json", 1) })
        {
            var page = await ana.ImportAsync(name, await File.ReadAllBytesAsync(Path.Combine(Exchanging.Samples, name), Cancelled), Cancelled);
            Assert.Equal((name, "Done", $"{chats}"), (name, page.StateOf(), page.CountOf("Added")));
        }

        var all = await ana.ChatsAsync(Cancelled);
        Assert.Equal(7, all.Count);
        foreach (var chat in all)
        {
            Assert.NotEmpty((await ana.GetAsync(chat, Cancelled)).QuerySelectorAll(".message"));
        }
    }

    [Theory]
    [InlineData("not JSON", "lizards", "damaged")]
    [InlineData("cut", """[{"uuid":"c1","chat_messages":[{"uuid":"m1","sender":"hum""", "damaged")]
    [InlineData("no chats", """{"id":"u","email":"ana@example.org"}""", "no chat")]
    [InlineData("nothing", "[]", "no chat")]
    [InlineData("empty chat", """[{"uuid":"c1","chat_messages":[]}]""", "no chat")]
    [InlineData("no zip", "PK\u0003\u0004lizards", "damaged")]
    public async Task What_has_no_chats_says_so_and_leaves_nothing(string what, string file, string said)
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        var page = await ana.BringAsync("file.json", file, Cancelled);

        Assert.Equal((what, "Failed"), (what, page.StateOf()));
        Assert.Contains(said, page.QuerySelector("#import .notice-line")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(await ana.ChatsAsync(Cancelled));
    }

    [EachDatabase]
    public async Task Circles_orphans_twins_NUL_strange_times_and_markup_do_no_harm(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        var own = WholeChat.Json.Replace("Go on", "Go \\u0000<script>alert(1)</script>", StringComparison.Ordinal);
        const string Twisted =
            """
            [{"id":"t1","title":"<img src=x onerror=alert(1)>\u0000","create_time":1e300,"current_node":"nowhere","mapping":{
              "a":{"parent":"b","message":{"author":{"role":"user"},"create_time":-5,"content":{"content_type":"text","parts":["one"]}}},
              "b":{"parent":"a","message":{"author":{"role":"assistant"},"metadata":{"model_slug":"<b>m</b>"},"content":{"content_type":"text","parts":["two"]}}},
              "c":{"parent":"gone","message":{"author":{"role":"user"},"content":{"content_type":"text","parts":["three <script>alert(1)</script>"]}}},
              "d":{"parent":"c","message":{"author":{"role":"wizard"},"content":"?"}}}},
             {"id":"t2","mapping":{"a":7}}, {"id":"t3","mapping":{}}, 5, null,
             {"uuid":"t4","chat_messages":[{"uuid":"m","sender":"human","text":"first"},{"uuid":"m","sender":"human","text":"second"}]}]
            """;

        var page = await ana.ImportAsync("twisted.zip", Exchanging.Zip(("own.json", own), ("twisted.json", Twisted)), Cancelled);

        Assert.Equal(("Done", "3"), (page.StateOf(), page.CountOf("Added")));
        Assert.Equal(["circle", "empty", "orphan", "time", "twice", "unknownMessage"], page.LossesOf());
        foreach (var chat in await ana.ChatsAsync(Cancelled))
        {
            var shown = await ana.GetAsync(chat, Cancelled);
            Assert.Empty(shown.QuerySelectorAll("#chat script, #chat img[onerror], .message b"));
            Assert.NotEmpty(shown.QuerySelectorAll(".message"));
            Assert.Empty((await ana.GetAsync($"{chat}/print", Cancelled)).QuerySelectorAll("script, img[onerror]"));
        }
    }

    [Fact]
    public async Task A_bomb_a_deep_file_and_too_many_at_once_are_refused()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        var deep = $$"""[{"uuid":"c","chat_messages":{{new string('[', 20_000)}}{{new string(']', 20_000)}}}]""";
        Assert.Equal("Failed", (await ana.BringAsync("deep.json", deep, Cancelled)).StateOf());
        var bomb = Exchanging.Zip(("bomb.json", $$"""[{"uuid":"c","chat_messages":[{"uuid":"m","sender":"human","text":"{{new string('0', 140_000_000)}}"}]}]"""));
        Assert.True(bomb.Length < 1_000_000);
        var page = await ana.BringAsync("bomb.zip", bomb, Cancelled);
        Assert.Equal("Failed", page.StateOf());
        Assert.Contains("larger than any", page.QuerySelector("#import .notice-line")!.TextContent, StringComparison.Ordinal);

        for (var count = 0; count < 3; count++)
        {
            Assert.Equal("Ready", (await ana.BringAsync("conversations.json", Claude, Cancelled)).StateOf());
        }

        var import = ana.Path;
        page = await ana.BringAsync("conversations.json", Claude, Cancelled);
        Assert.Contains("3 files waiting", page.QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);
        await ana.GetAsync(import, Cancelled);
        page = await ana.PostAsync(import, Cancelled, ("_method", "DELETE"));
        Assert.Equal("Canceled", page.StateOf());
        Assert.Equal("Ready", (await ana.BringAsync("conversations.json", Claude, Cancelled)).StateOf());
        Assert.Empty(await ana.ChatsAsync(Cancelled));
    }

    [EachDatabase]
    public async Task A_server_that_ends_in_the_middle_has_whole_chats_only_and_goes_on_with_the_rest(DatabaseKind kind)
    {
        const int Chats = 120, Messages = 12;
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        var file = $"[{string.Join(',', Enumerable.Range(0, Chats).Select(ChatOf))}]";
        await ana.BringAsync("conversations.json", file, Cancelled);
        var import = ana.Path;
        await ana.PostAsync(import, Cancelled);
        await Eventually.HoldsAsync("some have come", async () => (await ana.ChatsAsync(Cancelled)).Count > 0, Cancelled);

        await app.RestartAsync();

        using var back = app.Visit();
        await Eventually.HoldsAsync("all have come", async () => (await back.GetAsync(import, Cancelled)).StateOf() == "Done", Cancelled);
        var page = await back.GetAsync(import, Cancelled);
        Assert.Equal(($"{Chats}", null), (page.CountOf("Added"), page.CountOf("Known")));
        var exported = await back.ExportAsync(Cancelled);
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(exported));
        Assert.Equal(Chats, zip.Entries.Count);
        foreach (var entry in zip.Entries)
        {
            using var json = await JsonDocument.ParseAsync(entry.Open(), cancellationToken: Cancelled);
            Assert.Equal(Messages, json.RootElement.GetProperty("messages").GetArrayLength());
        }

        static string ChatOf(int number) =>
            $$"""{"uuid":"c{{number}}","name":"Chat {{number}}","created_at":"2025-01-02T10:00:00Z","chat_messages":[{{string.Join(',', Enumerable.Range(0, Messages).Select(message =>
                $$"""{"uuid":"m{{message}}","sender":"{{(message % 2 == 0 ? "human" : "assistant")}}","text":"Text {{message}}"}"""))}}]}""";
    }

    [Fact]
    public async Task An_import_is_there_for_whose_it_is_alone_and_is_written_down()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var bruno = await server.InviteAsync("bruno@example.org");
        await server.Owner.BringAsync("conversations.json", Claude, Cancelled);
        var import = server.Owner.Path;

        using var foreign = await bruno.Http.GetAsync(import, Cancelled);
        await bruno.GetAsync("/exchange", Cancelled);
        using var started = await bruno.TryPostAsync(import, Cancelled);
        using var ended = await bruno.TryPostAsync(import, Cancelled, ("_method", "DELETE"));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (foreign.StatusCode, started.StatusCode, ended.StatusCode));
        await server.Owner.GetAsync(import, Cancelled);
        Assert.Equal("Done", (await server.Owner.TakeInAsync(Cancelled)).StateOf());
        await server.Owner.ExportAsync(Cancelled);
        var audit = (await server.Owner.GetAsync("/admin/audit", Cancelled)).Body!.TextContent;
        Assert.Contains("Had chats of a file taken in", audit, StringComparison.Ordinal);
        Assert.Contains("Took many chats with them", audit, StringComparison.Ordinal);
        Assert.Empty(await bruno.ChatsAsync(Cancelled));
    }

    private static object Node(string id, string parent, string role, string text, string? slug = null, string recipient = "all", bool hidden = false, bool references = false, object[]? parts = null) => new
    {
        id,
        parent,
        message = new
        {
            id,
            author = new { role, name = role == "tool" ? "web.run" : null },
            create_time = 1735812001.0,
            recipient,
            status = "finished_successfully",
            content = new { content_type = "text", parts = parts ?? [text] },
            metadata = new
            {
                model_slug = slug,
                is_visually_hidden_from_conversation = hidden,
                content_references = references ? new object[] { new { matched_text = "\ue200cite\ue202turn0search1\ue201", type = "grouped_webpages", items = new[] { new { title = "Rocks", url = "https://rocks.example/" } } } } : [],
            },
        },
    };
}
