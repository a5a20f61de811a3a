using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Knowledge;

/// <summary>Portuguese, where a collection's model reads English alone.</summary>
public sealed class TranslationTests
{
    private const string EnglishOnly = "nomic-embed-text";
    private const string ManyLanguages = "text-embedding-3-small";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Documents_and_questions_in_Portuguese_are_translated_for_the_model_and_shown_as_they_are(DatabaseKind kind)
    {
        await using var app = await StartAsync(kind);
        using var ana = app.Visit();
        var collection = await MakeAsync(ana, EnglishOnly, translates: true);
        await ana.AddAsync(collection, Cancelled, ("reis.txt", "O rei morreu sem deixar herdeiros."), ("kings.txt", "The queen of the north was crowned in May."));

        var page = await ana.GetAsync($"{collection}/search?q={Uri.EscapeDataString("O rei morreu sem deixar herdeiros?")}", Cancelled);

        Assert.Equal("The king died without leaving heirs?", page.QuerySelector("q[lang=en]")!.TextContent);
        Assert.Equal("O rei morreu sem deixar herdeiros.", page.QuerySelector("#found .passage__text")!.TextContent);
        var placed = Placed(app);
        Assert.Contains("The king died without leaving heirs.", placed);
        Assert.Contains("The queen of the north was crowned in May.", placed);
        Assert.DoesNotContain(placed, text => text.Contains("morreu", StringComparison.Ordinal));
        Assert.Null((await ana.GetAsync($"{collection}/search?q=Who+was+crowned+in+the+north", Cancelled)).QuerySelector("q[lang=en]"));
    }

    [Fact]
    public async Task Switched_off_nothing_is_translated_and_switched_on_all_is_taken_in_anew()
    {
        await using var app = await StartAsync(DatabaseKind.Sqlite);
        using var ana = app.Visit();
        var collection = await MakeAsync(ana, EnglishOnly, translates: false);
        await ana.AddAsync(collection, Cancelled, ("reis.txt", "O rei morreu sem deixar herdeiros."));
        Assert.Contains("O rei morreu sem deixar herdeiros.", Placed(app));

        var form = await ana.GetAsync($"{collection}/setup", Cancelled);
        Assert.False(form.QuerySelector("input[name=Translates]")!.HasAttribute("checked"));
        await ana.PostAsync($"{collection}/setup", Cancelled, [.. FieldsOf(form), ("Translates", "true")]);
        await ana.SettledAsync(collection, Cancelled);

        Assert.Contains("The king died without leaving heirs.", Placed(app));
        Assert.True((await ana.GetAsync($"{collection}/setup", Cancelled)).QuerySelector("input[name=Translates]")!.HasAttribute("checked"));
    }

    [Fact]
    public async Task A_model_that_knows_Portuguese_reads_it_itself()
    {
        await using var app = await StartAsync(DatabaseKind.Sqlite);
        app.Upstream.VectorLength = 1536;
        using var ana = app.Visit();
        var collection = await MakeAsync(ana, ManyLanguages, translates: true);

        await ana.AddAsync(collection, Cancelled, ("reis.txt", "O rei morreu sem deixar herdeiros."));

        Assert.Contains("O rei morreu sem deixar herdeiros.", Placed(app));
    }

    private static async Task<TestApp> StartAsync(DatabaseKind kind)
    {
        Assert.SkipUnless(File.Exists("/usr/share/apertium/modes/pt-es.mode"), "apertium is not installed; ./calango test does it.");
        var app = await TestApp.StartAsync(kind);
        (app.Upstream.Models, app.Upstream.VectorLength) = (["fake", EnglishOnly, ManyLanguages], 768);
        return app;
    }

    private static async Task<string> MakeAsync(Visitor visitor, string model, bool translates)
    {
        var form = await visitor.GetAsync("/knowledge", Cancelled);
        Assert.True(form.QuerySelector("input[name=Translates]")!.HasAttribute("checked"));
        var embedder = form.QuerySelectorAll("#embedder option").Single(option => option.GetAttribute("value")!.EndsWith($"/{model}", StringComparison.Ordinal)).GetAttribute("value")!;
        await visitor.PostAsync("/knowledge", Cancelled, [("Name", "Kings"), ("Description", ""), ("Embedder", embedder), .. translates ? [("Translates", "true")] : Array.Empty<(string, string)>()]);
        return visitor.Path;
    }

    private static IEnumerable<(string Name, string Value)> FieldsOf(IHtmlDocument page) => page.QuerySelectorAll("#setup [name]").Where(field => field.GetAttribute("name") is not ("Translates" or "__RequestVerificationToken")).Select(field => (
        field.GetAttribute("name")!, field switch { IHtmlSelectElement select => select.Value, IHtmlTextAreaElement area => area.Value, _ => field.GetAttribute("value") } ?? ""));

    private static List<string> Placed(TestApp app) =>
        [.. app.Upstream.AllRequests.Where(request => request.Path == "/v1/embeddings").SelectMany(request => request.Body.GetProperty("input").EnumerateArray()).Select(text => text.GetString()!)];
}
