using System.Net;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Knowledge;

/// <summary>How well a collection answers, measured and compared.</summary>
public sealed class EvaluationTests
{
    private const string Questions = "Where does the gecko sleep?\tgecko.txt\nWho guards the lighthouse of Lisbon?\tcoast.txt\tgecko.txt\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Two_set_ups_stand_side_by_side_and_the_one_that_is_kept_is_in_force(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        await ana.PostAsync($"{collection}/evaluation", Cancelled, ("Lines", Questions));

        await RunAsync(ana, collection, ("Threshold", "0.3"));
        var page = await RunAsync(ana, collection, ("Threshold", "1"), ("MaxPassages", "3"));

        var rows = page.QuerySelectorAll("#runs tbody tr");
        Assert.Equal(2, rows.Length);
        Assert.Equal(["1.000", "1.000"], rows.Select(row => row.QuerySelectorAll(".measure")[2].TextContent.Trim()));
        Assert.True(Given(rows[0]) < Given(rows[1]), "a threshold of 1 gives as much as one of 0.3");
        Assert.Contains("In force", rows[1].TextContent, StringComparison.Ordinal);
        var keep = rows[0].QuerySelector("input[name=run]")!.GetAttribute("value")!;
        await ana.PostAsync($"{collection}/evaluation/kept", Cancelled, ("_method", "PUT"), ("run", keep));

        var setup = await ana.GetAsync($"{collection}/setup", Cancelled);
        Assert.Equal(("1", "3"), (setup.QuerySelector("#option-Threshold")!.GetAttribute("value"), setup.QuerySelector("#option-MaxPassages")!.GetAttribute("value")));
        Assert.Contains("In force", (await ana.GetAsync($"{collection}/evaluation", Cancelled)).QuerySelector("#runs tbody tr")!.TextContent, StringComparison.Ordinal);

        static double Given(AngleSharp.Dom.IElement row) => double.Parse(row.QuerySelectorAll(".measure")[3].TextContent, System.Globalization.CultureInfo.InvariantCulture);
    }

    [EachDatabase]
    public async Task Questions_are_made_of_the_documents_and_removed(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        await ana.GetAsync($"{collection}/evaluation", Cancelled);

        var page = await ana.PostAsync($"{collection}/evaluation", Cancelled, ("Count", "20"));

        var made = page.QuerySelectorAll("#questions li").Select(question => question.TextContent.Trim()).ToList();
        Assert.Contains("The old lighthouse by the harbour is guarded by three fishermen. coast.txt", made);
        Assert.Contains("The gecko of the northern woods sleeps under the bark of pines. gecko.txt", made);
        await ana.PostAsync($"{collection}/evaluation", Cancelled, ("_method", "DELETE"));
        Assert.Empty((await ana.GetAsync($"{collection}/evaluation", Cancelled)).QuerySelectorAll("#questions li"));
    }

    [Theory]
    [InlineData("Where?\tnowhere.txt", "no document called “nowhere.txt”")]
    [InlineData("Where does the gecko sleep?\tgecko.txt\nWho?", "Line 2")]
    [InlineData("""{"question":"Where?"}""", "Line 1")]
    [InlineData("  \n", "no questions")]
    public async Task What_cannot_be_taken_is_said_and_stays_in_its_field(string lines, string said)
    {
        await using var app = await TestApp.StartAsync(DatabaseKind.Sqlite, connected: false);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        await ana.GetAsync($"{collection}/evaluation", Cancelled);

        using var answer = await ana.TryPostAsync($"{collection}/evaluation", Cancelled, ("Lines", lines));
        var page = await Reading.PageAsync(answer, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(said, page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(lines.Trim(), ((IHtmlTextAreaElement)page.QuerySelector("#lines")!).Value.Trim());
        Assert.Empty(page.QuerySelectorAll("#questions li"));
    }

    [Fact]
    public async Task A_file_of_JSON_Lines_is_read_too()
    {
        await using var app = await TestApp.StartAsync(DatabaseKind.Sqlite, connected: false);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        await ana.GetAsync($"{collection}/evaluation", Cancelled);
        using var form = new MultipartFormDataContent { { new ByteArrayContent("""{"question":"Where does the gecko sleep?","documents":["gecko.txt"]}"""u8.ToArray()), "File", "questions.jsonl" } };

        using var answer = await ana.TryPostAsync($"{collection}/evaluation", form, Cancelled);

        Assert.Equal("Where does the gecko sleep? gecko.txt", Assert.Single((await ana.GetAsync($"{collection}/evaluation", Cancelled)).QuerySelectorAll("#questions li")).TextContent.Trim());
    }

    [Fact]
    public async Task A_number_out_of_its_range_is_said_at_its_field_and_nothing_is_measured()
    {
        await using var app = await TestApp.StartAsync(DatabaseKind.Sqlite, connected: false);
        using var ana = app.Visit();
        var collection = await FilledAsync(ana);
        await ana.PostAsync($"{collection}/evaluation", Cancelled, ("Lines", Questions));

        var page = await RunAsync(ana, collection, ("Threshold", "2"));

        Assert.NotEmpty(page.QuerySelector("#option-Threshold-error")!.TextContent);
        Assert.Equal("2", page.QuerySelector("#option-Threshold")!.GetAttribute("value"));
        Assert.Null(page.QuerySelector("#runs"));
    }

    private static async Task<string> FilledAsync(Visitor ana)
    {
        var collection = await ana.MakeCollectionAsync("Lizards", Cancelled);
        await ana.AddAsync(
            collection, Cancelled,
            ("gecko.txt", "The gecko of the northern woods sleeps under the bark of pines."),
            ("coast.txt", "The old lighthouse by the harbour is guarded by three fishermen."),
            ("bread.txt", "Bread rises slowly in the warm kitchen of the baker overnight."));
        await ana.GetAsync($"{collection}/evaluation", Cancelled);
        return collection;
    }

    private static async Task<IHtmlDocument> RunAsync(Visitor ana, string collection, params (string Name, string Value)[] changed)
    {
        var page = await ana.GetAsync($"{collection}/evaluation", Cancelled);
        var fields = page.QuerySelectorAll("#run input[name]").Select(field => (Name: field.GetAttribute("name")!, Value: field.GetAttribute("value") ?? ""))
            .Where(field => field.Name != "__RequestVerificationToken" && !changed.Any(other => other.Name == field.Name));
        using var answer = await ana.TryPostAsync($"{collection}/evaluation", Cancelled, [.. fields, .. changed]);
        return await Reading.PageAsync(answer, Cancelled);
    }
}
