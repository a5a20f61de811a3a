using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Knowledge;

/// <summary>A model that reads what was found with the question, and puts it in its order.</summary>
public sealed class RerankingTests
{
    private const string Best = """{"results":[{"index":0,"relevance_score":0.02},{"index":1,"relevance_score":0.9}]}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task The_model_that_is_chosen_puts_passages_in_its_order_and_the_page_shows_the_score_before(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        app.Upstream.Models = ["fake", "bge-reranker-v2-m3"];
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        var before = await OrderAsync(ana, collection);
        Assert.Empty((await SearchAsync(ana, collection)).QuerySelectorAll("#candidates .score-before"));

        await ChooseAsync(ana, collection);
        // The second of the two is the better one.
        app.Upstream.Answer("/v1/rerank", Best);
        var page = await SearchAsync(ana, collection);

        Assert.Equal(before.Reverse(), await OrderAsync(ana, collection));
        var scores = page.QuerySelectorAll("#candidates tbody tr").Select(row => row.QuerySelector(".score-before")!.TextContent).ToList();
        Assert.Equal(scores.Order(StringComparer.Ordinal), scores);
        Assert.Null(page.QuerySelector("#reranker-away"));
        var asked = app.Upstream.AllRequests.Last(request => request.Path == "/v1/rerank").Body;
        Assert.Equal("harbour lamp", asked.GetProperty("query").GetString());
        Assert.Equal("bge-reranker-v2-m3", asked.GetProperty("model").GetString());

        await ana.GetAsync($"{collection}/setup", Cancelled);
        await ana.PostAsync($"{collection}/setup", Cancelled, Fields(""));
        Assert.Equal(before, await OrderAsync(ana, collection));
    }

    [EachDatabase]
    public async Task A_model_that_fails_or_is_silent_leaves_the_order_as_it_was_within_two_seconds(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        app.Upstream.Models = ["fake", "bge-reranker-v2-m3"];
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        var before = await OrderAsync(ana, collection);
        await ChooseAsync(ana, collection);

        app.Upstream.Answer("/v1/rerank", """{"error":{"message":"out of memory"}}""", status: 500);
        Assert.Equal(before, await OrderAsync(ana, collection));
        Assert.NotNull((await SearchAsync(ana, collection)).QuerySelector("#reranker-away"));

        app.Upstream.Answer("/v1/rerank", Best[..30]);
        Assert.Equal(before, await OrderAsync(ana, collection));
    }

    [Fact]
    public async Task A_service_that_never_answers_holds_a_question_up_for_less_than_two_seconds()
    {
        await using var app = await TestApp.StartAsync();
        app.Upstream.Models = ["fake", "bge-reranker-v2-m3"];
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        var before = await OrderAsync(ana, collection);
        await ChooseAsync(ana, collection);
        app.Upstream.Hold("/v1/rerank");
        var begun = TimeProvider.System.GetTimestamp();

        Assert.Equal(before, await OrderAsync(ana, collection));

        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_refused_at_its_field()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        var collection = await ana.MakeCollectionAsync("Coast", Cancelled);

        foreach (var model in new[] { "no model", $"{Guid.CreateVersion7():N}/bge-reranker" })
        {
            await ana.GetAsync($"{collection}/setup", Cancelled);
            using var refused = await ana.TryPostAsync($"{collection}/setup", Cancelled, Fields(model));
            var page = await Reading.PageAsync(refused, Cancelled);
            Assert.Equal("There is no such model, or it is not for you.", page.QuerySelector("#reranker-error")!.TextContent);
        }
    }

    [Fact]
    public async Task An_evaluation_compares_with_and_without_the_model_and_takes_only_one_that_is_for_whoever_asks()
    {
        await using var app = await TestApp.StartAsync();
        app.Upstream.Models = ["fake", "bge-reranker-v2-m3"];
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        await ChooseAsync(ana, collection);
        app.Upstream.Answer("/v1/rerank", Best);
        await ana.GetAsync($"{collection}/evaluation", Cancelled);
        await ana.PostAsync($"{collection}/evaluation", Cancelled, ("Lines", "harbour lamp\tb.txt"));
        var chosen = (await ana.GetAsync($"{collection}/evaluation", Cancelled)).QuerySelector("#reranker option[selected]")!.GetAttribute("value")!;

        await MeasureAsync(ana, collection, "");
        await MeasureAsync(ana, collection, chosen);
        var rows = (await ana.GetAsync($"{collection}/evaluation", Cancelled)).QuerySelectorAll("#runs tbody tr");
        Assert.Equal(["1.000", "0.500"], rows.Select(row => row.QuerySelectorAll(".measure")[2].TextContent.Trim()));
        Assert.Contains("bge-reranker-v2-m3", rows[0].TextContent, StringComparison.Ordinal);

        using var refused = await MeasureAsync(ana, collection, $"{Guid.CreateVersion7():N}/bge-reranker");
        Assert.Equal("There is no such model, or it is not for you.", (await Reading.PageAsync(refused, Cancelled)).QuerySelector("#reranker-error")!.TextContent);

        await ana.GetAsync($"{collection}/evaluation", Cancelled);
        await ana.PostAsync($"{collection}/evaluation/kept", Cancelled, ("_method", "PUT"), ("run", rows[1].QuerySelector("input[name=run]")!.GetAttribute("value")!));
        Assert.Equal("", (await ana.GetAsync($"{collection}/setup", Cancelled)).QuerySelector("#reranker option[selected]")!.GetAttribute("value"));
        var with = (await ana.GetAsync($"{collection}/evaluation", Cancelled)).QuerySelector("#runs tbody tr input[name=run]")!.GetAttribute("value")!;
        await ana.PostAsync($"{collection}/evaluation/kept", Cancelled, ("_method", "PUT"), ("run", with));
        Assert.Equal(chosen, (await ana.GetAsync($"{collection}/setup", Cancelled)).QuerySelector("#reranker option[selected]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task A_program_chooses_one_and_is_told_of_one_that_is_not_there()
    {
        await using var server = await ApiServer.StartAsync(DatabaseKind.Sqlite);
        server.App.Upstream.Models = ["fake", "bge-reranker-v2-m3"];
        using var program = server.Program(await server.MakeTokenAsync("ReadKnowledge", "WriteKnowledge"));
        var offered = JsonElement.Parse(await program.GetStringAsync("/api/rerankers", Cancelled)).GetProperty("items")[0].GetProperty("id").GetString()!;

        using var made = await program.PostAsync("/api/collections", ApiServer.Json(new { name = "Coast", options = new { reranker = offered } }), Cancelled);
        var collection = JsonElement.Parse(await made.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(offered, collection.GetProperty("options").GetProperty("reranker").GetString());
        var address = $"/api/collections/{collection.GetProperty("id").GetString()}";
        using var refused = await program.PatchAsync(address, ApiServer.Json(new { options = new { reranker = $"{Guid.CreateVersion7():N}/bge-reranker" } }), Cancelled);
        using var left = await program.PatchAsync(address, ApiServer.Json("""{"options":{"reranker":null}}"""), Cancelled);

        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Equal(JsonValueKind.Null, JsonElement.Parse(await left.Content.ReadAsStringAsync(Cancelled)).GetProperty("options").GetProperty("reranker").ValueKind);
    }

    private static async Task<HttpResponseMessage> MeasureAsync(Visitor ana, string collection, string reranker)
    {
        await ana.GetAsync($"{collection}/evaluation", Cancelled);
        return await ana.TryPostAsync(
            $"{collection}/evaluation", Cancelled, ("_method", "PUT"), ("ChunkTokens", "0"), ("OverlapTokens", "32"), ("FusionWeight", ""), ("MaxPassages", "8"), ("Threshold", "0.3"), ("Diversity", "0.3"),
            ("WholeDocumentShare", "0.25"), ("Reranker", reranker));
    }

    private static async Task<string> FilledAsync(Visitor ana)
    {
        var collection = await ana.MakeCollectionAsync("Coast", Cancelled);
        await ana.AddAsync(collection, Cancelled, ("a.txt", "The harbour has a lamp, and the lamp of the harbour is red."), ("b.txt", "Some harbour with a very old lighthouse and a lamp somewhere above all of it."));
        return collection;
    }

    private static async Task ChooseAsync(Visitor ana, string collection)
    {
        var option = (await ana.GetAsync($"{collection}/setup", Cancelled)).QuerySelectorAll("#reranker option").Single(option => option.TextContent.Contains("bge-reranker", StringComparison.Ordinal));
        await ana.PostAsync($"{collection}/setup", Cancelled, Fields(option.GetAttribute("value")!));
        Assert.NotNull((await ana.GetAsync($"{collection}/setup", Cancelled)).QuerySelector("#reranker option[value][selected]"));
    }

    private static Task<AngleSharp.Html.Dom.IHtmlDocument> SearchAsync(Visitor ana, string collection) => ana.GetAsync($"{collection}/search?q=harbour+lamp", Cancelled);

    private static async Task<IReadOnlyList<string>> OrderAsync(Visitor ana, string collection) =>
        [.. (await SearchAsync(ana, collection)).QuerySelectorAll("#candidates tbody tr td:first-child").Select(cell => cell.TextContent)];

    private static (string Name, string Value)[] Fields(string reranker) =>
    [
        ("_method", "PUT"), ("Name", "Coast"), ("Description", ""), ("Embedder", ""), ("ChunkTokens", "0"), ("OverlapTokens", "32"), ("FusionWeight", ""),
        ("MaxPassages", "8"), ("Threshold", "0.3"), ("Diversity", "0.3"), ("WholeDocumentShare", "0.25"), ("Reranker", reranker),
    ];
}
