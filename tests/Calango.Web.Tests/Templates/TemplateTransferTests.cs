using System.Net;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;
using static Calango.Web.Tests.Templates.Library;

namespace Calango.Web.Tests.Templates;

/// <summary>Templates that leave the server and come back, and those to begin with.</summary>
public sealed class TemplateTransferTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task What_is_exported_comes_back_whole_elsewhere_and_twice_makes_no_doubles(DatabaseKind kind)
    {
        await using var from = await TestApp.StartAsync(kind, connected: false);
        using var ana = from.Visit();
        await ana.WriteTemplateAsync(
            "Odd: \"one\" #1", "  {v} ends in a space \n- {n}\n\ttab\n\n{{v}} 😀 é: yes\n# no comment", Cancelled,
            [
                ("Command", "odd"), ("Description", "null"), ("Category", "1.50"), ("Tags", "true, ~, *alias, !tag"),
                .. Variable("v", "Choice", isRequired: false, ("Choices", "no\nnull\n007\n'quoted'"), ("Default", "007"), ("Hint", "a: b")),
                .. Variable("n", "Number", more: [("Minimum", "-1.5"), ("Maximum", "1e3")]),
            ]);
        await ana.WriteTemplateAsync("Prose", "First line\nSecond: line\n\nLast", Cancelled);
        var json = await ana.Http.GetStringAsync("/templates/export", Cancelled);
        var yaml = await ana.Http.GetStringAsync("/templates/export?format=yaml", Cancelled);
        Assert.Contains("text: |-", yaml, StringComparison.Ordinal);
        Assert.Equal(("calango/templates", 1), (JsonElement.Parse(json).GetProperty("schema").GetString(), JsonElement.Parse(json).GetProperty("version").GetInt32()));

        foreach (var file in new[] { json, yaml })
        {
            await using var to = await TestApp.StartAsync(DatabaseKind.Sqlite, connected: false);
            using var bruno = to.Visit();
            Assert.Equal(["New", "New"], Outcomes(await ImportAsync(bruno, file, isDry: true)));
            Assert.Empty(await bruno.NamesAsync("", Cancelled));

            Assert.Equal(["New", "New"], Outcomes(await ImportAsync(bruno, file)));
            Assert.Equal(["There already", "There already"], Outcomes(await ImportAsync(bruno, file)));

            Assert.Equal(2, (await bruno.NamesAsync("", Cancelled)).Count);
            Assert.Equal(json, await bruno.Http.GetStringAsync("/templates/export", Cancelled));
        }
    }

    [EachDatabase]
    public async Task A_report_says_what_came_and_what_could_not_and_why(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var known = await ana.WriteTemplateAsync("Greeting", "Dear {name}", Cancelled, ("Command", "greet"));
        var file = """
            schema: calango/templates
            version: 1
            templates:
              - name: greeting
                text: Hello {name}
              - name: Thief
                command: greet
                text: x
              - name: Twice
                command: twice
                text: x
              - name: Also twice
                command: twice
                text: y
              - text: nameless
              - name: Odd
                text: "{v}"
                variables: [{name: v, type: colour}]
              - name: Listed
                text: [a]
              - 7
              - {name: Nul, text: "\0"}
            """;

        // The greeting's new version has no command any more, so the thief may have it; the other one is taken within the file, stored or not.
        foreach (var isDry in new[] { true, false })
        {
            var report = await ImportAsync(ana, file, isDry);
            Assert.Equal(["New version", "New", "New", "Not taken", "Not taken", "Not taken", "Not taken", "Not taken", "Not taken"], Outcomes(report));
            Assert.Equal(
                ["Another template of the same owner has this command.", "“name” must be filled in.", "“v” has a type that there is not.", "“text” has another form than it should.", "“templates” has another form than it should.", "“text” has a character that cannot be used, such as a line break."],
                report.QuerySelectorAll("#report .notice-line span").Select(line => line.TextContent));
        }

        Assert.Equal(2, (await ana.GetAsync($"{known}/versions", Cancelled)).QuerySelectorAll("#versions li").Length);
        Assert.Equal(["Thief", "Twice", "greeting"], (await ana.NamesAsync("", Cancelled)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[1, 2]")]
    [InlineData("{\"schema\": \"calango/templates\", \"version\": 2, \"templates\": []}")]
    [InlineData("{\"schema\": \"other\", \"version\": 1, \"templates\": []}")]
    [InlineData("{\"schema\": \"calango/templates\", \"version\": 1, \"templates\": {}}")]
    [InlineData("{broken")]
    [InlineData("a: &a [x]\nb: *a")]
    [InlineData("a: [unclosed")]
    [InlineData("{\"schema\": \"calango/templates\", \"version\": 1, \"templates\": [{\"name\": \"\\ud800\", \"text\": \"x\"}]}")]
    public async Task What_is_no_file_of_templates_is_told_so(string file)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        await ana.GetAsync("/templates/import", Cancelled);

        using var refused = await ana.TryPostAsync("/templates/import", Cancelled, ("Text", file));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.NotNull((await Reading.PageAsync(refused, Cancelled)).QuerySelector("#import-refusal"));
    }

    [Fact]
    public async Task No_file_however_deep_or_long_ends_the_server()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        await ana.GetAsync("/templates/import", Cancelled);

        foreach (var bytes in new[] { Encoding.UTF8.GetBytes(new string('[', 200_000)), Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 200_000)), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("- ", 100_000))), [0xFF, 0xFE, 0xFD] })
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(bytes), "File", "deep.yaml" } };
            using var refused = await ana.TryPostAsync("/templates/import", form, Cancelled);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        var many = JsonSerializer.Serialize(new { schema = "calango/templates", version = 1, templates = Enumerable.Range(0, 501).Select(index => new { name = $"{index}", text = "x" }) });
        using var tooMany = await ana.TryPostAsync("/templates/import", Cancelled, ("Text", many));
        Assert.Contains("at most 500", (await Reading.PageAsync(tooMany, Cancelled)).QuerySelector("#import-refusal")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(await ana.NamesAsync("", Cancelled));
    }

    [Theory]
    [InlineData("en", "Code review")]
    [InlineData("pt-BR", "Revisão de código")]
    public async Task The_starter_set_comes_in_the_language_of_whoever_adds_it_and_keeps_what_they_changed(string language, string name)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        ana.Http.DefaultRequestHeaders.Add("Accept-Language", language);
        Assert.NotNull((await ana.GetAsync("/templates", Cancelled)).QuerySelector("[formaction='/templates/starter']"));

        var page = await ana.PostAsync("/templates/starter", Cancelled);
        Assert.Equal(10, page.QuerySelectorAll("#templates li").Length);
        Assert.Null(page.QuerySelector("[formaction='/templates/starter']"));
        // Each says of every variable what it takes, and its form can be sent as it begins.
        foreach (var link in page.QuerySelectorAll("#templates li .row__name > span:first-child > a"))
        {
            Assert.NotEmpty((await ana.GetAsync($"{link.GetAttribute("href")}/use", Cancelled)).QuerySelectorAll("#template-use .field"));
        }

        var review = page.QuerySelectorAll("#templates a").First(link => link.TextContent == name).GetAttribute("href")!;
        using var saved = await ana.TrySaveAsync(review, Cancelled, ("Name", name), ("Text", "Mine"));
        await ana.PostAsync("/templates/starter", Cancelled);
        Assert.Equal(10, (await ana.NamesAsync("", Cancelled)).Count);
        Assert.Equal("Mine", ((IHtmlTextAreaElement)(await ana.GetAsync(review, Cancelled)).QuerySelector("#template-text")!).Value);
    }

    [Fact]
    public async Task Where_whoever_runs_the_server_adds_the_starter_set_everybody_has_it()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var bruno = await server.InviteAsync("bruno@example.org");
        await bruno.GetAsync("/templates", Cancelled);
        await bruno.PostAsync("/templates/starter", Cancelled);
        Assert.Empty(await server.Owner.NamesAsync("", Cancelled));

        await server.Owner.GetAsync("/templates", Cancelled);
        await server.Owner.PostAsync("/templates/starter", Cancelled);

        Assert.Equal(20, (await bruno.NamesAsync("", Cancelled)).Count);
        Assert.Contains("Published a template for everybody", (await server.Owner.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_shared_is_exported_alone_and_one_that_is_not_is_not_there()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var bruno = await server.InviteAsync("bruno@example.org");
        var template = await server.Owner.WriteTemplateAsync("Recipe", "Bake {what}", Cancelled);
        var export = $"/templates/export/{template.Split('/')[^1]}";
        using var hidden = await bruno.Http.GetAsync(export, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        await server.Owner.GetAsync($"{template}/members", Cancelled);
        await server.Owner.PostAsync($"{template}/members", Cancelled, ("Email", "bruno@example.org"), ("Right", "Use"));

        using var shown = await bruno.Http.GetAsync(export, Cancelled);

        Assert.Equal("attachment", shown.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("Bake {what}", JsonElement.Parse(await shown.Content.ReadAsStringAsync(Cancelled)).GetProperty("templates")[0].GetProperty("text").GetString());
        Assert.Equal(0, JsonElement.Parse(await bruno.Http.GetStringAsync("/templates/export", Cancelled)).GetProperty("templates").GetArrayLength());
    }

    private static async Task<IHtmlDocument> ImportAsync(Visitor visitor, string text, bool isDry = false)
    {
        await visitor.GetAsync("/templates/import", Cancelled);
        return await visitor.PostAsync("/templates/import", Cancelled, [("Text", text), .. isDry ? [("Dry", "true")] : Array.Empty<(string, string)>()]);
    }

    private static IReadOnlyList<string> Outcomes(IHtmlDocument page) => [.. page.QuerySelectorAll("#report .badge").Select(badge => badge.TextContent)];
}
