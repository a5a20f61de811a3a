using System.Net;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Models;

/// <summary>The models that find passages by what they mean, as they are shown.</summary>
public sealed class EmbedderTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_there_is_none_a_small_one_is_offered_with_its_size_its_language_and_why()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        var page = await ana.GetAsync("/models/embedders", CancellationToken);

        var offer = page.QuerySelector("#embedder-offer")!;
        Assert.Contains("your documents stay here", offer.TextContent, StringComparison.Ordinal);
        Assert.Contains("Finding passages by meaning", offer.TextContent, StringComparison.Ordinal);
        Assert.Contains("English", offer.TextContent, StringComparison.Ordinal);
        Assert.Matches("Download 3[01][.0-9]* MB", offer.QuerySelector(".button--primary")!.TextContent);
        Assert.Equal("/models/embedders", (await ana.GetAsync("/models", CancellationToken)).QuerySelector("a[href='/models/embedders']")?.GetAttribute("href"));
    }

    [Fact]
    public async Task Those_of_connections_are_listed_with_window_length_and_languages()
    {
        await using var app = await TestApp.StartAsync();
        app.Upstream.Models = ["fake", "text-embedding-3-small", "nomic-embed-text", "acme-embed"];
        using var ana = app.Visit();

        var page = await ana.GetAsync("/models/embedders", CancellationToken);

        Assert.Null(page.QuerySelector("#embedder-offer"));
        Assert.Equal(
            [
                "text-embedding-3-small: up to 6,141 tokens at once, vectors of 1,536 numbers, many languages, or not known",
                "nomic-embed-text: up to 1,536 tokens at once, vectors of 768 numbers, English",
                "acme-embed: up to 384 tokens at once, many languages, or not known",
            ],
            page.QuerySelectorAll("#embedders .row").Select(row => $"{row.QuerySelector("strong")!.TextContent}: {string.Join(", ", row.QuerySelectorAll(".row__facts span").Select(fact => fact.TextContent))}"));
    }

    [Fact]
    public async Task The_first_page_offers_a_model_that_answers()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        var page = await ana.GetAsync("/models/first-run", CancellationToken);

        Assert.Contains("Answering", page.QuerySelector(".local")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_says_why_and_can_only_be_deleted()
    {
        await using var app = await TestApp.StartAsync();
        var folder = Directory.CreateDirectory(Path.Combine(app.DataFolder, "models", "mine")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "model.onnx"), "", CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), """{"hidden_size":384}""", CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "tokenizer.json"), """{"model":{"type":"BPE"}}""", CancellationToken);
        using var ana = app.Visit();

        var card = (await ana.GetAsync("/models/local", CancellationToken)).QuerySelector("#local-mine")!;
        using var removed = await ana.TryPostAsync("/models/local/model?model=mine", CancellationToken, ("_method", "DELETE"));

        Assert.Contains("It cannot be used here: Its tokenizer is of the kind BPE", card.QuerySelector(".notice-line")!.TextContent, StringComparison.Ordinal);
        Assert.Null(card.QuerySelector(".button--primary"));
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        Assert.False(Directory.Exists(folder));
    }
}
