using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Tests.Support.Weaviate;

namespace Calango.Web.Tests.Knowledge;

/// <summary>An administrator chooses where passages are found by their meaning, while people search.</summary>
public sealed class VectorIndexTests
{
    private const string Lighthouse = "The harbour has a lighthouse with a red lamp that turns all night.";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Weaviate_is_filled_while_the_memory_answers_and_then_follows_each_document(DatabaseKind kind)
    {
        await using var weaviate = await WeaviateServer.StartAsync();
        await using var service = await EmbedderAsync();
        await using var app = await TestApp.StartAsync(kind, connected: false);
        await app.ConnectAsync(service);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        Assert.Equal("Memory of the server", NameOf(await PlaceAsync(ana, "InForce")));

        await ChooseAsync(ana, weaviate.Settings);
        var place = await InForceAsync(ana, "Weaviate");
        Assert.Contains("1 of 1 documents", place.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(WeaviateServer.ApiKey, (await ana.GetAsync("/admin/index", Cancelled)).DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Equal(1, weaviate.Count);
        await AssertMeaningCountsAsync(ana, collection);
        Assert.Contains("POST /graphql", weaviate.Asked);

        var page = await ana.AddAsync(collection, Cancelled, ("boats.txt", "Boats lie in the harbour all winter."));
        await HasAsync(weaviate, 2);
        using var removed = await ana.TryPostAsync(page.Documents()[0].Address(), Cancelled, ("_method", "DELETE"));
        await HasAsync(weaviate, 1);

        await ana.PostAsync("/admin/index", Cancelled);
        Assert.Equal("Memory of the server", NameOf(await PlaceAsync(ana, "InForce")));
        await HasAsync(weaviate, 0);
        await AssertMeaningCountsAsync(ana, collection);
    }

    [Fact]
    public async Task The_database_itself_finds_them_where_it_has_pgvector()
    {
        Assert.SkipWhen(PostgresServer.WhyNoVectors is not null, PostgresServer.WhyNoVectors ?? "");
        await using var service = await EmbedderAsync();
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        await app.ConnectAsync(service);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        Assert.NotNull((await ana.GetAsync("/admin/index", Cancelled)).QuerySelector("#index-Database button"));

        await ana.PostAsync("/admin/index?kind=Database", Cancelled);

        await InForceAsync(ana, "The database, with pgvector");
        await AssertMeaningCountsAsync(ana, collection);
        Assert.Equal("Boats lie in the harbour all winter.", (await AddedAsync(ana, collection, "boats.txt", "Boats lie in the harbour all winter.", "boats"))[0]);
        await Eventually.HoldsAsync("it has both", async () => (await PlaceAsync(ana, "InForce")).TextContent.Contains("2 of 2", StringComparison.Ordinal), Cancelled);
        await AssertMeaningCountsAsync(ana, collection);
        Assert.Null((await ana.GetAsync("/admin/index", Cancelled)).QuerySelector("#index-Database"));
    }

    [Fact]
    public async Task Sqlite_is_not_offered_as_one()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        Assert.Null((await ana.GetAsync("/admin/index", Cancelled)).QuerySelector("#index-Database"));

        using var refused = await ana.TryPostAsync("/admin/index?kind=Database", Cancelled);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("pgvector", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task Where_it_is_away_the_words_still_find_and_all_say_so(DatabaseKind kind)
    {
        var weaviate = await WeaviateServer.StartAsync();
        await using var service = await EmbedderAsync();
        await using var app = await TestApp.StartAsync(kind, connected: false);
        await app.ConnectAsync(service);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        await ChooseAsync(ana, weaviate.Settings);
        await InForceAsync(ana, "Weaviate");

        await weaviate.DisposeAsync();

        var page = await ana.GetAsync($"{collection}/search?q=lighthouse", Cancelled);
        Assert.Single(page.QuerySelectorAll("#found section"));
        Assert.Contains("index of vectors could not be asked", page.QuerySelector(".notice-line")!.TextContent, StringComparison.Ordinal);
        Assert.Single(await AddedAsync(ana, collection, "boats.txt", "Boats lie in the harbour all winter.", "boats"));
        await Eventually.HoldsAsync("the page says why", async () => (await PlaceAsync(ana, "InForce")).TextContent.Contains("Nothing answers at this address", StringComparison.Ordinal), Cancelled);
        Assert.Contains("1 document is not in the index", (await ana.GetAsync($"{collection}/search?q=boats", Cancelled)).Body!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task One_that_does_not_answer_holds_up_no_question(DatabaseKind kind)
    {
        await using var weaviate = await WeaviateServer.StartAsync();
        await using var service = await EmbedderAsync();
        await using var app = await TestApp.StartAsync(kind, connected: false);
        await app.ConnectAsync(service);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        await ChooseAsync(ana, weaviate.Settings);
        await InForceAsync(ana, "Weaviate");
        weaviate.IsSilent = true;
        var begun = TimeProvider.System.GetTimestamp();

        for (var question = 0; question < 3; question++)
        {
            Assert.Single(await ana.FindAsync(collection, "lighthouse", Cancelled));
        }

        // Once two seconds, and then it rests.
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(6));
    }

    [EachDatabase]
    public async Task What_it_has_lost_it_is_given_again_when_somebody_asks(DatabaseKind kind)
    {
        await using var weaviate = await WeaviateServer.StartAsync();
        await using var service = await EmbedderAsync();
        await using var app = await TestApp.StartAsync(kind, connected: false);
        await app.ConnectAsync(service);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        await ChooseAsync(ana, weaviate.Settings);
        await InForceAsync(ana, "Weaviate");
        weaviate.Lose();

        Assert.Single(await ana.FindAsync(collection, "lighthouse", Cancelled));
        await HasAsync(weaviate, 1);
        await AssertMeaningCountsAsync(ana, collection);

        weaviate.Lose();
        await ana.PostAsync("/admin/index/again", Cancelled);
        await HasAsync(weaviate, 1);
    }

    [EachDatabase]
    public async Task One_that_cannot_be_filled_never_answers_and_can_be_given_up(DatabaseKind kind)
    {
        await using var weaviate = await WeaviateServer.StartAsync();
        await using var service = await EmbedderAsync();
        await using var app = await TestApp.StartAsync(kind, connected: false);
        await app.ConnectAsync(service);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        weaviate.Refuses = _ => true;

        await ChooseAsync(ana, weaviate.Settings);
        await Eventually.HoldsAsync("the page says so", async () => (await PlaceAsync(ana, "Coming")).TextContent.Contains("problem of its own", StringComparison.Ordinal), Cancelled);
        Assert.Equal("Memory of the server", NameOf(await PlaceAsync(ana, "InForce")));
        await AssertMeaningCountsAsync(ana, collection);

        using var stopped = await ana.TryPostAsync("/admin/index/coming", Cancelled, ("_method", "DELETE"));
        var page = await ana.GetAsync("/admin/index", Cancelled);
        Assert.Equal("Memory of the server", NameOf(Assert.Single(page.QuerySelectorAll("#index-places section"))));
    }

    [Theory]
    [InlineData("apiKey", "wrong", "did not accept the key")]
    [InlineData("address", "http://127.0.0.1:1", "Nothing answers at this address")]
    [InlineData("prefix", "no prefix", "settings are incomplete")]
    public async Task What_is_wrong_with_it_is_said_before_anything_changes(string field, string value, string sentence)
    {
        await using var weaviate = await WeaviateServer.StartAsync();
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        await ana.GetAsync("/admin/index", Cancelled);
        var settings = new Dictionary<string, string>(weaviate.Settings) { [field] = value };

        foreach (var test in new[] { "true", "false" })
        {
            var answer = await ana.PostAsync("/admin/index?plugin=weaviate", Cancelled, [.. settings.Select(setting => ($"Values[{setting.Key}]", setting.Value)), ("Test", test)]);
            Assert.Contains(sentence, answer.QuerySelector("#index-weaviate .failure")!.TextContent, StringComparison.Ordinal);
            Assert.DoesNotContain("wrong\"", answer.DocumentElement.OuterHtml, StringComparison.Ordinal);
        }

        Assert.Equal("Memory of the server", NameOf(Assert.Single((await ana.GetAsync("/admin/index", Cancelled)).QuerySelectorAll("#index-places section"))));
        var good = await ana.PostAsync("/admin/index?plugin=weaviate", Cancelled, [.. weaviate.Settings.Select(setting => ($"Values[{setting.Key}]", setting.Value)), ("Test", "true")]);
        Assert.Contains("All is well", good.QuerySelector("#index-weaviate")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<ScriptedUpstream> EmbedderAsync()
    {
        var service = await ScriptedUpstream.StartAsync();
        service.Models = ["fake", "qwen3-embedding"];
        return service;
    }

    private static async Task<string> FilledAsync(Visitor ana)
    {
        var option = (await ana.GetAsync("/knowledge", Cancelled)).QuerySelectorAll("#embedder option").Single(option => option.TextContent.Contains("qwen3-embedding", StringComparison.Ordinal));
        await ana.PostAsync("/knowledge", Cancelled, ("Name", "Harbour"), ("Embedder", option.GetAttribute("value")!));
        var collection = ana.Path;
        await ana.AddAsync(collection, Cancelled, ("lighthouse.txt", Lighthouse));
        return collection;
    }

    private static async Task<IReadOnlyList<string>> AddedAsync(Visitor ana, string collection, string name, string text, string question)
    {
        await ana.AddAsync(collection, Cancelled, (name, text));
        return await ana.FindAsync(collection, question, Cancelled);
    }

    private static async Task ChooseAsync(Visitor ana, Dictionary<string, string> settings)
    {
        await ana.GetAsync("/admin/index", Cancelled);
        await ana.PostAsync("/admin/index?plugin=weaviate", Cancelled, [.. settings.Select(setting => ($"Values[{setting.Key}]", setting.Value))]);
    }

    private static async Task<IElement> PlaceAsync(Visitor ana, string role) => (await ana.GetAsync("/admin/index", Cancelled)).QuerySelector($"#index-places [data-role={role}]")!;

    private static async Task<IElement> InForceAsync(Visitor ana, string name)
    {
        IElement place = null!;
        await Eventually.HoldsAsync($"{name} answers", async () => NameOf(place = await PlaceAsync(ana, "InForce")) == name, Cancelled);
        return place;
    }

    private static string NameOf(IElement place) => place.QuerySelector("h2")!.TextContent;

    private static Task HasAsync(WeaviateServer weaviate, int count) => Eventually.HoldsAsync($"it has {count}", () => Task.FromResult(weaviate.Count == count), Cancelled);

    private static async Task AssertMeaningCountsAsync(Visitor ana, string collection)
    {
        IHtmlDocument page = null!;
        await Eventually.HoldsAsync(
            "the meaning counts",
            async () => (page = await ana.GetAsync($"{collection}/search?q=harbour", Cancelled)).QuerySelector(".notice-line") is null && page.QuerySelectorAll("#candidates tbody tr").Length > 0, Cancelled);
        Assert.All(page.QuerySelectorAll("#candidates td:nth-child(4)"), cell => Assert.NotEqual("—", cell.TextContent));
    }
}
