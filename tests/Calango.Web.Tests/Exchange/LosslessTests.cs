using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Exchange;

/// <summary>What is exported is all of it: brought to another server, it is the same.</summary>
public sealed partial class LosslessTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Chats_with_all_that_they_can_have_come_to_an_empty_server_of_the_other_kind_and_leave_it_byte_for_byte(DatabaseKind kind)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.ImportAsync("whole.json", WholeChat.Placed, Cancelled);
        await ChatAsync(app, ana);

        var exported = await ana.ExportAsync(Cancelled);

        await using var empty = await TestApp.StartAsync(kind == DatabaseKind.Sqlite ? DatabaseKind.Postgres : DatabaseKind.Sqlite, connected: false);
        using var bia = empty.Visit();
        var page = await bia.ImportAsync("calango-chats.zip", exported, Cancelled);
        Assert.Equal(("Done", "2"), (page.StateOf(), page.CountOf("Added")));
        Assert.Empty(page.LossesOf());
        Assert.Equal(Names(exported), Names(await bia.ExportAsync(Cancelled)));
        Assert.Equal(exported, await bia.ExportAsync(Cancelled));
        var again = await ana.ImportAsync("calango-chats.zip", exported, Cancelled);
        Assert.Equal("2", again.CountOf("Known"));
        Assert.Equal(exported, await ana.ExportAsync(Cancelled));
    }

    [EachDatabase]
    public async Task A_chat_is_written_down_as_it_was_and_shown_as_it_was(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.ImportAsync("whole.json", WholeChat.Json, Cancelled);

        using var answer = await ana.Http.GetAsync($"/chat/{WholeChat.Id}/export?format=json", Cancelled);

        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Lizards & b sun b.json", answer.Content.Headers.ContentDisposition?.FileNameStar?.Replace("  ", " ", StringComparison.Ordinal));
        var written = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(WholeChat.Json), written), written!.ToJsonString());
        var page = await ana.GetAsync($"/chat/{WholeChat.Id}", Cancelled);
        Assert.Equal("Lizards & <b>sun</b>", page.QuerySelector("#title")!.TextContent);
        Assert.Equal(4, page.QuerySelectorAll(".message").Length);
        Assert.Equal(["", "Stopped", "", "Failed"], page.QuerySelectorAll(".message").Select(message => message.GetAttribute("data-state") ?? ""));
        var trace = await ana.GetAsync("/turns/019a0000-0000-7000-8000-000000000012/trace", Cancelled);
        Assert.Contains("rocks & roofs", trace.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("lizards sleep", (await ana.GetAsync("/search?q=sleep", Cancelled)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_chat_stands_where_it_stood_in_folders_and_under_tags_of_those_names(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await ana.GetAsync("/folders/new", Cancelled);
        await ana.PostAsync("/folders/new", Cancelled, ("Name", "Caatinga"));

        await ana.ImportAsync("whole.json", WholeChat.Placed, Cancelled);

        var written = JsonNode.Parse(await ana.Http.GetStringAsync($"/chat/{WholeChat.Id}/export?format=json", Cancelled));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(WholeChat.Placed), written), written!.ToJsonString());
        Assert.Equal([$"/chat/{WholeChat.Id}"], (await ana.GetAsync("/conversations?show=archived", Cancelled)).QuerySelectorAll("#chats .conversation__link").Select(link => link.GetAttribute("href")));
        var folder = (await ana.GetAsync($"/chat/{WholeChat.Id}/folder", Cancelled)).QuerySelector(".places [checked]")!;
        Assert.Equal("Field & <b>notes</b>", folder.ParentElement!.TextContent.Trim());
        Assert.Equal(["Zebra", "céu"], (await ana.GetAsync($"/chat/{WholeChat.Id}/tags", Cancelled)).QuerySelectorAll("input[name=Tags][checked]").Select(tag => tag.ParentElement!.TextContent.Trim()).Order(StringComparer.Ordinal));
        Assert.Single((await ana.GetAsync("/conversations", Cancelled)).QuerySelectorAll("#chats-folder option"), option => option.TextContent.Trim() == "Caatinga");
    }

    [Fact]
    public async Task Where_its_ids_are_somebody_elses_a_chat_gets_others_and_is_equal_but_for_them()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var bruno = await server.InviteAsync("bruno@example.org");
        await server.Owner.ImportAsync("whole.json", WholeChat.Json, Cancelled);
        await ChatAsync(server.App, server.Owner);
        var exported = await server.Owner.ExportAsync(Cancelled);

        var page = await bruno.ImportAsync("calango-chats.zip", exported, Cancelled);
        var once = await bruno.ExportAsync(Cancelled);
        var twice = await bruno.ImportAsync("calango-chats.zip", exported, Cancelled);

        Assert.Equal("2", page.CountOf("Added"));
        Assert.Equal("2", twice.CountOf("Known"));
        Assert.Equal(once, await bruno.ExportAsync(Cancelled));
        Assert.NotEqual(Texts(exported), Texts(once));
        Assert.Equal(Texts(exported).Select(WithoutIds), Texts(once).Select(WithoutIds));
        Assert.Equal(exported, await server.Owner.ExportAsync(Cancelled));
        using var foreign = await bruno.Http.GetAsync($"/chat/{WholeChat.Id}/export?format=json", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    // Written here: a question with two answers, and a document of the chat's own.
    private static async Task ChatAsync(TestApp app, Visitor ana)
    {
        app.Upstream.Default = new UpstreamReply { Text = "Ao sol, de pé. `x`\r\n" };
        await ana.GetAsync("/", Cancelled);
        using var form = new MultipartFormDataContent { { new StringContent("Where?"), "Text" }, { new StringContent(app.Model.ToString()), "Model" }, { new ByteArrayContent("Lizards sleep on roofs."u8.ToArray()), "Files", "roofs.txt" } };
        using var sent = await ana.TryPostAsync("/messages", form, Cancelled);
        var chat = sent.RequestMessage!.RequestUri!.AbsolutePath;
        var page = await ana.WholeAsync(chat, 1, Cancelled);
        await ana.PostAsync(page.QuerySelector(".message--answer [formaction$='/answers']")!.GetAttribute("formaction")!, Cancelled);
        await ana.WholeAsync(chat, 1, Cancelled);
    }

    private static List<string> Names(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }

    private static List<string> Texts(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return [.. zip.Entries.Select(entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return reader.ReadToEnd();
        })];
    }

    // The first id becomes 1, the second 2, and so on.
    private static string WithoutIds(string text)
    {
        var ids = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        return Id().Replace(text, match => $"#{(ids.TryGetValue(match.Value.Replace("-", "", StringComparison.Ordinal), out var number) ? number : ids[match.Value.Replace("-", "", StringComparison.Ordinal)] = ids.Count + 1)}");
    }

    [GeneratedRegex("[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}")]
    private static partial Regex Id();
}
