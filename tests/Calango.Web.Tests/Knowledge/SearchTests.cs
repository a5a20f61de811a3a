using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Knowledge;

/// <summary>What a collection gives for a question, with what was looked at, and how it is set up for that.</summary>
public sealed class SearchTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Every_candidate_is_shown_with_what_became_of_it(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);

        var page = await ana.GetAsync($"{collection}/search?q=harbour+lighthouse", Cancelled);

        var rows = page.QuerySelectorAll("#candidates tbody tr");
        Assert.True(rows.Length >= 3, $"{rows.Length} candidates");
        Assert.Equal(page.QuerySelectorAll("#found section").Length, rows.Count(row => row.GetAttribute("data-fate") == "Chosen"));
        Assert.Contains(rows, row => row.GetAttribute("data-fate") is "BelowThreshold" or "FarBehind");
        Assert.All(rows, row => Assert.NotEmpty(row.QuerySelector("td:last-child")!.TextContent));
        Assert.Contains("no embedding model", page.QuerySelector(".notice-line")!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task Nothing_found_is_said_with_what_to_try(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);

        foreach (var question in new[] { "submarine volcano", "% _ ' \" ) OR", "?!" })
        {
            var page = await ana.GetAsync($"{collection}/search?q={Uri.EscapeDataString(question)}", Cancelled);

            Assert.Empty(page.QuerySelectorAll("#found section"));
            Assert.Equal(2, page.QuerySelectorAll("#nothing li").Length);
            Assert.Equal(question, page.QuerySelector("#passages-query")!.GetAttribute("value"));
        }
    }

    [EachDatabase]
    public async Task Its_options_are_kept_and_count_from_the_next_question_on(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        Assert.True((await ana.FindAsync(collection, "harbour", Cancelled)).Count > 1);

        await ana.GetAsync($"{collection}/setup", Cancelled);
        await SetUpAsync(ana, collection, ("Name", "Coast"), ("Description", "What lies by the sea."), ("MaxPassages", "1"), ("Threshold", "0.25"), ("FusionWeight", "0.4"), ("ChunkTokens", "64"));

        Assert.Single(await ana.FindAsync(collection, "harbour", Cancelled));
        var form = await ana.GetAsync($"{collection}/setup", Cancelled);
        Assert.Equal("Coast", form.QuerySelector("#field-name")!.GetAttribute("value"));
        Assert.Equal("What lies by the sea.", form.QuerySelector("#description")!.TextContent);
        Assert.Equal(["1", "0.25", "0.4", "64"], new[] { "MaxPassages", "Threshold", "FusionWeight", "ChunkTokens" }.Select(name => form.QuerySelector($"#option-{name}")!.GetAttribute("value")));
        // They were taken in anew for it.
        Assert.All((await ana.SettledAsync(collection, Cancelled)).Documents(), row => Assert.Equal("Ready", row.GetAttribute("data-state")));
        Assert.Single(await ana.FindAsync(collection, "harbour", Cancelled));
    }

    [Theory]
    [InlineData("MaxPassages", "0", "The number of passages is from 1 to 50.")]
    [InlineData("MaxPassages", "1.5", "Enter a whole number.")]
    [InlineData("Threshold", "1.01", "The threshold is from 0 to 1.")]
    [InlineData("Threshold", "NaN", "The threshold is from 0 to 1.")]
    [InlineData("Diversity", "", "Enter a number.")]
    [InlineData("FusionWeight", "-1", "The weight of the meaning is from 0 to 1.")]
    [InlineData("WholeDocumentShare", "2", "The share of the window is from 0 to 1.")]
    [InlineData("ChunkTokens", "8", "The length of a passage is 0, or from 32 to 8000 tokens.")]
    [InlineData("OverlapTokens", "241", "The overlap is from 0 to 240 tokens.")]
    [InlineData("Name", " ", "This is needed.")]
    public async Task What_cannot_be_is_said_at_its_field_and_nothing_is_stored(string field, string value, string sentence)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Coast", Cancelled);
        await ana.GetAsync($"{collection}/setup", Cancelled);

        using var refused = await ana.TryPostAsync($"{collection}/setup", Cancelled, Fields(("Description", "Not stored."), (field, value)));

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        var page = await Reading.PageAsync(refused, Cancelled);
        Assert.Equal(sentence, page.QuerySelector(".field__error")!.TextContent);
        Assert.Equal(value.Trim(), page.QuerySelector($"[name={field}][aria-invalid=true]")!.GetAttribute("value") ?? "");
        Assert.Empty((await ana.GetAsync($"{collection}/setup", Cancelled)).QuerySelector("#description")!.TextContent);
    }

    [EachDatabase]
    public async Task With_an_embedding_model_the_meaning_is_compared_too_and_where_it_is_away_the_words_still_are(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        var service = await ScriptedUpstream.StartAsync();
        service.Models = ["fake", "qwen3-embedding"];
        await app.ConnectAsync(service);
        using var ana = app.Visit();
        var option = (await ana.GetAsync("/knowledge", Cancelled)).QuerySelectorAll("#embedder option").Single(option => option.TextContent.Contains("qwen3-embedding", StringComparison.Ordinal));
        Assert.Contains("texts go to", option.TextContent, StringComparison.Ordinal);
        // What is chosen at first sends nothing anywhere.
        Assert.False(option.HasAttribute("selected"));
        await ana.PostAsync("/knowledge", Cancelled, ("Name", "Harbour"), ("Embedder", option.GetAttribute("value")!));
        var collection = ana.Path;
        await ana.AddAsync(collection, Cancelled, ("lighthouse.txt", "The harbour has a lighthouse with a red lamp that turns all night."));

        var page = await ana.GetAsync($"{collection}/search?q=lighthouse", Cancelled);
        Assert.Null(page.QuerySelector(".notice-line"));
        Assert.All(page.QuerySelectorAll("#candidates td:nth-child(4)"), cell => Assert.NotEqual("—", cell.TextContent));
        Assert.Contains(service.AllRequests, request => request.Path.EndsWith("/embeddings", StringComparison.Ordinal) && request.Body.GetRawText().Contains("turns all night", StringComparison.Ordinal));

        await service.DisposeAsync();
        var without = await ana.GetAsync($"{collection}/search?q=lighthouse", Cancelled);
        Assert.Contains("could not be asked", without.QuerySelector(".notice-line")!.TextContent, StringComparison.Ordinal);
        Assert.Single(without.QuerySelectorAll("#found section"));
    }

    [Fact]
    public async Task An_embedding_model_that_is_not_there_is_refused()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        await ana.GetAsync("/knowledge", Cancelled);

        foreach (var model in new[] { "nonsense", $"{Guid.CreateVersion7():N}/small" })
        {
            using var refused = await ana.TryPostAsync("/knowledge", Cancelled, ("Name", "Coast"), ("Embedder", model));
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal("This model cannot be chosen. Choose one of the list.", (await Reading.PageAsync(refused, Cancelled)).QuerySelector(".field__error")!.TextContent);
        }

        Assert.Empty((await ana.GetAsync("/knowledge", Cancelled)).QuerySelectorAll("#collections li"));
    }

    private static async Task<string> FilledAsync(Visitor ana)
    {
        var collection = await ana.MakeCollectionAsync("Harbour", Cancelled);
        await ana.AddAsync(
            collection, Cancelled,
            ("lighthouse.txt", "The harbour has a lighthouse with a red lamp that turns all night."),
            ("ferry.txt", "The ferry leaves the harbour each morning at seven, and comes back in the evening."),
            ("market.txt", "On Saturdays fish is sold at the market beside the old harbour wall."));
        return collection;
    }

    private static Task SetUpAsync(Visitor ana, string collection, params (string Name, string Value)[] changed) => ana.PostAsync($"{collection}/setup", Cancelled, Fields(changed));

    private static (string Name, string Value)[] Fields(params (string Name, string Value)[] changed)
    {
        (string Name, string Value)[] all =
        [
            ("Name", "Coast"), ("Description", ""), ("Embedder", ""), ("ChunkTokens", "0"), ("OverlapTokens", "32"), ("FusionWeight", ""), ("MaxPassages", "8"), ("Threshold", "0.3"), ("Diversity", "0.3"), ("WholeDocumentShare", "0.25"),
        ];
        return [("_method", "PUT"), .. all.Where(field => !changed.Any(other => other.Name == field.Name)), .. changed];
    }
}
