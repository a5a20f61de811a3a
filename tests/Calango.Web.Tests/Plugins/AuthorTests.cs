using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Files;
using Calango.Web.Tests.Knowledge;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Plugins;

/// <summary>What plugins/README.md leads an author through: new, test, pack, sign, install, and a turn that uses it.</summary>
public sealed class AuthorTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_provider_that_was_begun_a_moment_ago_answers_in_a_chat()
    {
        using var plugin = await BegunAndTestedAsync("provider", "reverse");
        await using var app = await TestApp.StartAsync();
        using var ana = await InstallAsync(app, plugin, "reverse");

        await ana.PostAsync(
            "/models/connections/new", TestEnd,
            ("ProviderId", "reverse"), ("Name", "Backwards"), ("Values[pace]", "0"), ("FirstTokenSeconds", "60"), ("BetweenTokensSeconds", "60"), ("WholeTurnSeconds", "600"));
        var connection = Assert.Single(await app.Services.GetRequiredService<Connections>().ListAsync(TestEnd), connection => connection.Name == "Backwards");
        await ana.PostAsync("/messages", TestEnd, ("Text", "Hello world!"), ("Model", new ModelRef(connection.Id, "reverse").ToString()));

        Assert.Equal("!dlrow olleH", Answer(await ana.WholeAsync(ana.Path, answers: 1, TestEnd)));
    }

    [Fact]
    public async Task An_embedder_that_was_begun_a_moment_ago_makes_vectors()
    {
        using var plugin = await BegunAndTestedAsync("embedder", "letters");
        await using var app = await TestApp.StartAsync();
        using var ana = await InstallAsync(app, plugin, "letters");

        await ana.PostAsync(
            "/models/connections/new", TestEnd,
            ("ProviderId", "letters"), ("Name", "Alike"), ("Values[dimensions]", "32"), ("FirstTokenSeconds", "60"), ("BetweenTokensSeconds", "60"), ("WholeTurnSeconds", "600"));
        var row = (await ana.GetAsync("/models/embedders", TestEnd)).QuerySelector("#embedders .row")!;
        var models = app.Services.GetRequiredService<EmbeddingModels>();
        var model = Assert.Single(await models.ListAsync(TestEnd), model => model.ConnectionName == "Alike");

        Assert.Equal("Letters", row.QuerySelector("strong")!.TextContent);
        Assert.Equal([2, 0], await models.CountTokensAsync(model.Ref, ["two words", ""], TestEnd));
        Assert.Equal(32, Assert.Single((await models.EmbedAsync(model.Ref, ["two words"], TestEnd)).Vectors).Length);
    }

    [Fact]
    public async Task A_retriever_that_was_begun_a_moment_ago_finds_passages()
    {
        using var plugin = await BegunAndTestedAsync("retriever", "compare-all");
        await using var app = await TestApp.StartAsync();
        app.Upstream.Models = ["fake", "qwen3-embedding"];
        using var ana = await InstallAsync(app, plugin, "compare-all");
        var embedder = (await ana.GetAsync("/knowledge", TestEnd)).QuerySelectorAll("#embedder option").Single(option => option.TextContent.Contains("qwen3-embedding", StringComparison.Ordinal));
        await ana.PostAsync("/knowledge", TestEnd, ("Name", "Harbour"), ("Embedder", embedder.GetAttribute("value")!));
        var collection = ana.Path;
        await ana.AddAsync(collection, TestEnd, ("lighthouse.txt", "The harbour has a lighthouse."));

        await ana.GetAsync("/admin/index", TestEnd);
        await ana.PostAsync("/admin/index?plugin=compare-all", TestEnd, ("Values[place]", "main"));
        await Eventually.HoldsAsync(
            "it answers",
            async () => (await ana.GetAsync("/admin/index", TestEnd)).QuerySelector("#index-places [data-role=InForce] h2")!.TextContent == "Compare all", TestEnd);

        var page = await ana.GetAsync($"{collection}/search?q=harbour", TestEnd);
        Assert.Null(page.QuerySelector(".notice-line"));
        Assert.NotEqual("—", page.QuerySelector("#candidates td:nth-child(4)")!.TextContent);
    }

    [Fact]
    public async Task A_tool_that_was_begun_a_moment_ago_is_called_by_a_model()
    {
        using var plugin = await BegunAndTestedAsync("tool", "word-count");
        await using var app = await TestApp.StartAsync();
        using var ana = await InstallAsync(app, plugin, "word-count");

        await ana.PostAsync("/tool-servers/new/word-count", TestEnd, ("Name", "Counting"), ("IsOn", "true"), ("Values[letters]", "4"));
        app.Upstream.Enqueue(
            new UpstreamReply { Text = "I count.", Tool = "count_words", ToolArguments = """{"text":"one three four"}""" }, new UpstreamReply { SaysResult = true });
        var choice = (await ana.GetAsync("/chat/new/settings", TestEnd)).QuerySelectorAll(".tools-choice label").Single(label => label.TextContent.Contains("Counting", StringComparison.Ordinal));
        await ana.PostAsync("/messages", TestEnd, ("Text", "How many?"), ("Model", app.Model.ToString()), ("Tools", choice.QuerySelector("input")!.GetAttribute("value")!));

        Assert.Equal("Words: 2", Answer(await ana.WholeAsync(ana.Path, answers: 1, TestEnd)));
    }

    [Fact]
    public async Task A_sink_that_was_begun_a_moment_ago_is_handed_what_models_did()
    {
        using var plugin = await BegunAndTestedAsync("event-sink", "line-log");
        await using var app = await TestApp.StartAsync();
        using var ana = await InstallAsync(app, plugin, "line-log");

        await ana.PostAsync("/plugins/line-log", TestEnd, ("IsOn", "true"), ("Values[fileName]", "turns.jsonl"));
        app.Upstream.Enqueue(new UpstreamReply { Text = "Indeed." });
        await ana.PostAsync("/messages", TestEnd, ("Text", "Really?"), ("Model", app.Model.ToString()));
        await ana.WholeAsync(ana.Path, answers: 1, TestEnd);

        var file = Path.Combine(app.DataFolder, "plugins", "data", "line-log", "turns.jsonl");
        await Eventually.HoldsAsync("the event has a line", () => Task.FromResult(File.Exists(file) && File.ReadAllText(file).EndsWith('\n')), TestEnd);
        var line = Assert.Single(await File.ReadAllLinesAsync(file, TestEnd));
        Assert.Contains("\"modelId\":\"fake\"", line, StringComparison.Ordinal);
        Assert.Contains("\"outcome\":\"Complete\"", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Indeed", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storage_that_was_begun_a_moment_ago_takes_the_files_over()
    {
        using var plugin = await BegunAndTestedAsync("storage", "shelf");
        await using var app = await TestApp.StartAsync();
        using var ana = await InstallAsync(app, plugin, "shelf");
        using var uploaded = await ana.UploadAsync(Pictures.Photo(), TestEnd);
        var picture = (await ana.AvatarAsync(TestEnd))!;
        var before = await ana.Http.GetByteArrayAsync(picture, TestEnd);

        await ana.PostAsync("/admin/storage?store=shelf", TestEnd, ("Test", "false"), ("Values[folder]", "files"));
        await Eventually.HoldsAsync(
            "all files have moved", async () => (await ana.GetAsync("/admin/storage", TestEnd)).QuerySelector("[data-move]")?.GetAttribute("data-move") == "Done", TestEnd);
        Directory.Delete(Path.Combine(app.DataFolder, "plugins", "data", "disk-storage"), recursive: true);

        Assert.NotEmpty(Directory.GetFiles(Path.Combine(app.DataFolder, "plugins", "data", "shelf", "files"), "*.blob"));
        Assert.Equal(before, await ana.Http.GetByteArrayAsync(picture, TestEnd));
    }

    private static async Task<AuthoredPlugin> BegunAndTestedAsync(string kind, string id)
    {
        var plugin = await AuthoredPlugin.NewAsync(kind, id, TestEnd);
        Assert.Matches("Passed! +- Failed: +0", await plugin.DotnetAsync(TestEnd, "test"));
        // The contract and what comes along with it are the server's: a package has none of them.
        Assert.Single(Directory.GetFiles(Path.Combine(plugin.Project, "built"), "*.dll"));
        return plugin;
    }

    private static async Task<Visitor> InstallAsync(TestApp app, AuthoredPlugin plugin, string id)
    {
        var ana = app.Visit();
        await ana.PostAsync("/models/titles", TestEnd, ("_method", "PUT"), ("Mode", "Off"));
        var package = await plugin.PackAsync(TestEnd);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(package), "package", "plugin.cpk" } };
        using var response = await ana.TryPostAsync("/admin/plugins/inspection", form, TestEnd);
        var asked = await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(TestEnd), TestEnd);
        Assert.Contains("this server does not know the key", asked.Body!.TextContent, StringComparison.Ordinal);
        var consent = asked.QuerySelectorAll("#plugin-consent input[name=Digest], #plugin-consent input[name=Level]").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value")!));
        await ana.PostAsync("/admin/plugins/installation", TestEnd, [.. consent, ("AcceptsInProcess", "true")]);
        await Eventually.HoldsAsync(
            "it serves", async () => (await ana.GetAsync("/admin/plugins", TestEnd)).QuerySelector($"#plugin-{id}")?.TextContent.Contains("Active", StringComparison.Ordinal) == true, TestEnd);
        return ana;
    }

    private static string Answer(IHtmlDocument page) => page.QuerySelectorAll(".answer .block").Last().TextContent.Trim();
}
