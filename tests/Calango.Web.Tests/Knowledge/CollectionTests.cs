using System.Net;
using System.Text;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Knowledge;

/// <summary>Documents that somebody hands in, searches, reads and removes.</summary>
public sealed class CollectionTests
{
    private const string Lizards = "# Lizards\n\nThe calango basks on warm stones at noon.\n\n# Ants\n\nIt eats ants, <script>alert(1)</script> and small beetles.";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_document_is_handed_in_found_read_fetched_and_removed(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        Assert.NotNull((await ana.GetAsync("/knowledge", Cancelled)).QuerySelector("[role=status]"));
        var collection = await ana.MakeCollectionAsync("Animals", Cancelled);
        Assert.Empty((await ana.GetAsync(collection, Cancelled)).Documents());

        var page = await ana.AddAsync(collection, Cancelled, ("lizards.md", Lizards), ("bread.txt", "Knead the dough for ten minutes."));

        Assert.Equal(["bread.txt", "lizards.md"], page.Documents().Select(row => row.QuerySelector("a")!.TextContent));
        Assert.All(page.Documents(), row => Assert.Equal("Ready", row.GetAttribute("data-state")));
        Assert.Equal("2 documents", (await ana.GetAsync("/knowledge", Cancelled)).QuerySelector("#collections .row__facts span")!.TextContent);
        var found = await ana.GetAsync($"{collection}/search?q=where+does+the+calango+bask", Cancelled);
        var link = found.QuerySelector("#found h3 a")!;
        Assert.Equal("lizards.md", link.TextContent);
        Assert.Contains("warm stones", found.QuerySelector("#found .passage__text")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("—", found.QuerySelector("#candidates tbody tr td:nth-child(4)")!.TextContent);
        var document = await ana.GetAsync(link.GetAttribute("href")!, Cancelled);
        Assert.Contains("warm stones", document.QuerySelector(new Uri(app.Address, link.GetAttribute("href")).Fragment)!.TextContent, StringComparison.Ordinal);
        Assert.Contains("<script>alert(1)</script>", document.QuerySelector("#passages")!.TextContent, StringComparison.Ordinal);

        using var file = await ana.Http.GetAsync(document.QuerySelector("a[download]")!.GetAttribute("href"), Cancelled);
        Assert.Equal(Lizards, await file.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("application/octet-stream", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("sandbox; default-src 'none'", file.Headers.GetValues("Content-Security-Policy").Single());
        Assert.True(file.Headers.CacheControl!.NoStore);

        await ana.PostAsync(page.Documents()[1].Address(), Cancelled, ("_method", "DELETE"));
        Assert.Equal("bread.txt", Assert.Single((await ana.GetAsync(collection, Cancelled)).Documents()).QuerySelector("a")!.TextContent);
        Assert.Empty(await ana.FindAsync(collection, "where does the calango bask", Cancelled));
        using var gone = await ana.Http.GetAsync(link.GetAttribute("href"), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);

        await ana.GetAsync($"{collection}/deletion", Cancelled);
        await ana.PostAsync(collection, Cancelled, ("_method", "DELETE"));
        Assert.Equal("/knowledge", ana.Path);
        Assert.Empty((await ana.GetAsync("/knowledge", Cancelled)).QuerySelectorAll("#collections li"));
    }

    [EachDatabase]
    public async Task What_cannot_be_read_says_so_on_its_row_with_what_to_do_and_keeps_nothing_else_from_being_found(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Mixed", Cancelled);

        using var added = await ana.TryAddAsync(collection, Cancelled, ("broken.docx", "PK\u0003\u0004\0\0 no zip"u8.ToArray()), ("lizards.md", Encoding.UTF8.GetBytes(Lizards)));
        var page = await ana.SettledAsync(collection, Cancelled);

        Assert.Equal(["Failed", "Ready"], page.Documents().Select(row => row.GetAttribute("data-state")));
        Assert.Contains("The document is damaged", page.QuerySelector("#documents .notice-line")!.TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(await ana.FindAsync(collection, "warm stones", Cancelled));
        Assert.Contains("1 could not be read", (await ana.GetAsync("/knowledge", Cancelled)).QuerySelector("#collections li")!.TextContent, StringComparison.Ordinal);

        await ana.PostAsync($"{page.Documents()[0].Address()}/intake", Cancelled);
        Assert.Equal("Failed", (await ana.SettledAsync(collection, Cancelled)).Documents()[0].GetAttribute("data-state"));

        // Another file of the name, which can be read, takes its place.
        page = await ana.AddAsync(collection, Cancelled, ("broken.docx.txt", "The text of it."));
        await ana.PostAsync(page.Documents()[0].Address(), Cancelled, ("_method", "DELETE"));
        Assert.All((await ana.SettledAsync(collection, Cancelled)).Documents(), row => Assert.Equal("Ready", row.GetAttribute("data-state")));
    }

    [Fact]
    public async Task A_document_whose_embedding_model_was_away_says_so_and_goes_on_once_it_is_tried_again()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        await using var service = await ScriptedUpstream.StartAsync();
        service.Models = ["fake", "qwen3-embedding"];
        await app.ConnectAsync(service);
        using var ana = app.Visit();
        var option = (await ana.GetAsync("/knowledge", Cancelled)).QuerySelectorAll("#embedder option").Single(option => option.TextContent.Contains("qwen3-embedding", StringComparison.Ordinal));
        await ana.PostAsync("/knowledge", Cancelled, ("Name", "Animals"), ("Embedder", option.GetAttribute("value")!));
        var collection = ana.Path;

        service.Key = "another";
        var page = await ana.AddAsync(collection, Cancelled, ("lizards.md", Lizards));
        Assert.Equal("Failed", page.Documents()[0].GetAttribute("data-state"));
        Assert.Contains("The embedding model could not be asked", page.QuerySelector("#documents .notice-line")!.TextContent, StringComparison.Ordinal);

        service.Key = null;
        await ana.PostAsync($"{page.Documents()[0].Address()}/intake", Cancelled);
        page = await ana.SettledAsync(collection, Cancelled);
        Assert.Equal("Ready", page.Documents()[0].GetAttribute("data-state"));
        Assert.Null(page.QuerySelector("#documents .notice-line"));
    }

    [Fact]
    public async Task A_text_that_is_pasted_is_a_document_and_another_of_its_name_takes_its_place()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Notes", Cancelled);

        await ana.PostAsync(collection, Cancelled, ("Name", "Meeting of 3.5"), ("Content", "The harbour opens in March."));
        var page = await ana.SettledAsync(collection, Cancelled);
        Assert.Equal("Meeting of 3.5.txt", Assert.Single(page.Documents()).QuerySelector("a")!.TextContent);
        Assert.Equal(["The harbour opens in March."], await ana.FindAsync(collection, "harbour", Cancelled));

        await ana.PostAsync(collection, Cancelled, ("Name", "Meeting of 3.5"), ("Content", "The harbour opens in April."));
        Assert.Single((await ana.SettledAsync(collection, Cancelled)).Documents());
        Assert.Equal(["The harbour opens in April."], await ana.FindAsync(collection, "harbour", Cancelled));
    }

    [Theory]
    [InlineData("", "Some text.", "A document needs a name of at most 400 characters.")]
    [InlineData("Notes", "", "Notes: This file is empty.")]
    public async Task A_text_that_is_refused_says_why_and_is_still_there_to_be_mended(string name, string content, string sentence)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Notes", Cancelled);

        using var refused = await ana.TryPostAsync(collection, Cancelled, ("Name", name), ("Content", content));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var page = await Reading.PageAsync(refused, Cancelled);
        Assert.Equal(sentence, page.QuerySelector("#refusals li")!.TextContent);
        Assert.Equal((name, content), (page.QuerySelector("#field-name")!.GetAttribute("value") ?? "", page.QuerySelector("#content")!.TextContent));
        Assert.Empty((await ana.GetAsync(collection, Cancelled)).Documents());
    }

    [Fact]
    public async Task Of_several_files_those_that_can_be_taken_are_and_the_others_are_named()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Notes", Cancelled);

        using var answer = await ana.TryAddAsync(collection, Cancelled, ("empty.txt", []), ("../../etc/full.txt", "Something."u8.ToArray()));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("empty.txt: This file is empty.", (await Reading.PageAsync(answer, Cancelled)).QuerySelector("#refusals li")!.TextContent);
        Assert.Equal("full.txt", Assert.Single((await ana.SettledAsync(collection, Cancelled)).Documents()).QuerySelector("a")!.TextContent);
    }

    [Fact]
    public async Task F04_a_file_that_is_too_large_is_refused_in_words()
    {
        const int Most = 100 * 1024 * 1024;
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Notes", Cancelled);
        await ana.GetAsync(collection, Cancelled);

        using var larger = await ana.TryAddAsync(collection, Cancelled, ("large.txt", new byte[Most + 1]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, larger.StatusCode);
        Assert.Equal("large.txt: A document has at most 100 MB.", (await Reading.PageAsync(larger, Cancelled)).QuerySelector("#refusals li")!.TextContent);
        // The server doesn't wait for the rest: a client that still sends may only see that it hung up.
        var hungUp = await Record.ExceptionAsync(async () =>
        {
            using var largest = await ana.TryAddAsync(collection, Cancelled, ("larger.txt", new byte[Most + (2 << 20)]));
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, largest.StatusCode);
        });
        Assert.True(hungUp is null or HttpRequestException, hungUp?.ToString());
        Assert.Empty((await ana.GetAsync(collection, Cancelled)).Documents());
    }

    [Fact]
    public async Task The_page_of_a_document_begins_where_a_passage_stands_that_somebody_wants_to_see()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Long", Cancelled);
        var page = await ana.AddAsync(collection, Cancelled, ("long.md", LongText(60)));
        var address = page.Documents()[0].Address();

        var first = await ana.GetAsync(address, Cancelled);
        Assert.Equal(25, first.QuerySelectorAll("#passages section").Length);
        Assert.Null(first.QuerySelector("a[rel=prev]"));
        var second = await ana.GetAsync(first.QuerySelector("a[rel=next]")!.GetAttribute("href")!, Cancelled);
        Assert.NotNull(second.QuerySelector("#passage-25"));
        Assert.NotNull(second.QuerySelector("a[rel=prev]"));

        var found = await ana.GetAsync($"{collection}/search?q=number57word", Cancelled);
        var link = found.QuerySelector("#found h3 a")!.GetAttribute("href")!;
        var asked = await ana.GetAsync(link, Cancelled);
        var passage = asked.QuerySelector(new Uri(app.Address, link).Fragment)!;
        Assert.Contains("number57word", passage.TextContent, StringComparison.Ordinal);
        Assert.Contains("Chapter 57", passage.QuerySelector("h3")!.TextContent, StringComparison.Ordinal);
        Assert.Equal([passage], asked.QuerySelectorAll(".passage--asked"));
    }

    [Fact]
    public async Task Documents_are_searched_by_name_and_listed_page_by_page()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Many", Cancelled);

        using var added = await ana.TryAddAsync(collection, Cancelled, [.. Enumerable.Range(1, 53).Select(number => ($"note {number:00}.txt", Encoding.UTF8.GetBytes($"Note {number}.")))]);
        var first = await ana.GetAsync(collection, Cancelled);

        Assert.Equal(50, first.Documents().Count);
        var rest = await ana.GetAsync(first.QuerySelector("#documents .form__bar a")!.GetAttribute("href")!, Cancelled);
        Assert.Equal(["note 51.txt", "note 52.txt", "note 53.txt"], rest.Documents().Select(row => row.QuerySelector("a")!.TextContent));
        var found = await ana.GetAsync($"{collection}?q=NOTE+2", Cancelled);
        Assert.Equal(10, found.Documents().Count);
        Assert.Empty((await ana.GetAsync($"{collection}?q=%25", Cancelled)).Documents());
    }

    // Each chapter is a passage of its own.
    private static string LongText(int chapters) => string.Join(
        "\n\n", Enumerable.Range(1, chapters).Select(chapter => $"# Chapter {chapter}\n\nThe number{chapter}word is here. {string.Join(' ', Enumerable.Range(1, 120).Select(word => $"c{chapter}w{word}"))}."));
}
