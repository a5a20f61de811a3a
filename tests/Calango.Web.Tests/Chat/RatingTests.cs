using System.Net;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Chat;

/// <summary>What people think of answers, and what administrators see of it.</summary>
public sealed class RatingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task An_answer_is_rated_explained_changed_and_taken_back_without_scripts(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        var (chat, rating) = await AskAsync(ana, app);

        await ana.PostAsync(rating, Cancelled, ("_method", "PUT"), ("Good", "false"));
        Assert.StartsWith(chat, ana.Path, StringComparison.Ordinal);
        Assert.Equal("Bad answer", Pressed(await ana.GetAsync(chat, Cancelled)));

        await ana.PostAsync(rating, Cancelled, ("_method", "PUT"), ("Good", "false"), ("Reasons", "Wrong"), ("Reasons", "Incomplete"), ("Comment", "Geckos <b>sleep</b>."));
        var form = await ana.GetAsync(rating, Cancelled);
        Assert.Equal(["Wrong", "Incomplete"], form.QuerySelectorAll("[name=Reasons][checked]").Select(box => box.GetAttribute("value")));
        var said = (await ana.GetAsync(rating.Replace("/rating", "/trace", StringComparison.Ordinal), Cancelled)).QuerySelector(".trace__facts")!.TextContent;
        Assert.Contains("Wrong · Something is missing", said, StringComparison.Ordinal);
        Assert.Contains("Geckos <b>sleep</b>.", said, StringComparison.Ordinal);

        await ana.PostAsync(rating, Cancelled, ("_method", "PUT"), ("Good", "true"));
        Assert.Equal("Good answer", Pressed(await ana.GetAsync(chat, Cancelled)));
        Assert.Empty((await ana.GetAsync(rating, Cancelled)).QuerySelectorAll("[name=Reasons][checked]"));

        await ana.PostAsync(rating, Cancelled, ("_method", "DELETE"));
        Assert.Null(Pressed(await ana.GetAsync(chat, Cancelled)));
    }

    [EachDatabase]
    public async Task Administrators_see_how_often_each_model_was_found_good_and_why_and_never_a_word(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        foreach (var isGood in new[] { true, true, false })
        {
            var (_, rating) = await AskAsync(ana, app);
            await ana.PostAsync(rating, Cancelled, ("_method", "PUT"), ("Good", $"{isGood}"), ("Reasons", isGood ? "Clear" : "TooLong"), ("Comment", "canary-comment"));
        }

        var page = await ana.GetAsync("/admin/ratings", Cancelled);

        var model = Assert.Single(page.QuerySelectorAll("#ratings .card"));
        Assert.Equal("2 good, 1 bad", model.QuerySelector("meter")!.GetAttribute("aria-label"));
        Assert.Equal(["Easy to follow 2", "Too long 1"], model.QuerySelectorAll(".hint").Select(hint => hint.TextContent));
        Assert.DoesNotContain("canary", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_fork_is_not_rated_with_what_it_was_made_from(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        var (chat, rating) = await AskAsync(ana, app);
        await ana.PostAsync(rating, Cancelled, ("_method", "PUT"), ("Good", "true"));

        await ana.PostAsync($"{chat}/messages/{rating.Split('/')[2]}/fork", Cancelled);

        Assert.NotEqual(chat, ana.Path);
        Assert.Null(Pressed(await ana.GetAsync(ana.Path, Cancelled)));
        Assert.Equal("1 good, 0 bad", (await ana.GetAsync("/admin/ratings", Cancelled)).QuerySelector("meter")!.GetAttribute("aria-label"));
    }

    [EachDatabase]
    public async Task What_does_not_fit_is_refused_and_nothing_changes(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        var (chat, rating) = await AskAsync(ana, app);
        await ana.PostAsync(rating, Cancelled, ("_method", "PUT"), ("Good", "true"), ("Reasons", "Correct"));

        foreach (var (name, value) in new[] { ("Reasons", "Wrong"), ("Reasons", "512"), ("Comment", new string('x', 2_001)) })
        {
            using var refused = await ana.TryPostAsync(rating, Cancelled, ("_method", "PUT"), ("Good", "true"), (name, value));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        using var unsaid = await ana.TryPostAsync(rating, Cancelled, ("_method", "PUT"));
        Assert.Equal(HttpStatusCode.BadRequest, unsaid.StatusCode);
        using var foreign = await ana.TryPostAsync($"/turns/{Guid.CreateVersion7()}/rating", Cancelled, ("_method", "PUT"), ("Good", "true"));
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal("Good answer", Pressed(await ana.GetAsync(chat, Cancelled)));
        Assert.Equal(["Correct"], (await ana.GetAsync(rating, Cancelled)).QuerySelectorAll("[name=Reasons][checked]").Select(box => box.GetAttribute("value")));
    }

    private static async Task<(string Chat, string Rating)> AskAsync(Visitor ana, TestApp app)
    {
        await ana.PostAsync("/messages", Cancelled, ("Text", "Do geckos sleep?"), ("Model", app.Model.ToString()));
        var chat = ana.Path;
        var page = await ana.WholeAsync(chat, answers: 1, Cancelled);
        return (chat, page.QuerySelector(".thumbs button")!.GetAttribute("formaction")!.Split('?')[0]);
    }

    private static string? Pressed(IHtmlDocument page) => page.QuerySelector(".thumbs [aria-pressed=true]")?.GetAttribute("aria-label");
}
