using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Memory;

/// <summary>Past messages are found by what they mean, by whoever wants it.</summary>
public sealed class MemorySearchTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_question_in_other_words_finds_an_old_message_once_it_is_wanted_and_not_before_or_after(DatabaseKind kind)
    {
        await using var app = await Memories.StartAsync(kind);
        using var ana = app.Visit();
        await ana.AskAsync(app, "My **gecko** refuses every cricket.", "Warm the stone.", Cancelled);
        await ana.AskAsync(app, "The dough stays flat.", "Wait longer.", Cancelled);
        Assert.Empty((await ana.SearchAsync("reptiles without appetite", Cancelled)).QuerySelectorAll("main [data-hit]"));
        Assert.DoesNotContain(app.Upstream.AllRequests, request => request.Path == "/v1/embeddings");

        await ana.RememberAsync(Cancelled);
        await ana.UntilAsync("4 of 4", Cancelled);
        var found = await ana.SearchAsync("reptiles without appetite", Cancelled);
        var hit = Assert.Single(found.QuerySelectorAll("main [data-hit]"));
        Assert.Equal("My gecko refuses every cricket.", hit.QuerySelector(".hit__text")!.TextContent);
        Assert.Equal("Found by its meaning", hit.QuerySelector("[data-meaning]")!.TextContent);
        Assert.Null(hit.QuerySelector("mark"));
        Assert.Contains("refuses every cricket", (await ana.GetAsync(hit.GetAttribute("href")!, Cancelled)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);

        await ana.ForgetAsync(Cancelled);
        Assert.Empty((await ana.SearchAsync("reptiles without appetite", Cancelled)).QuerySelectorAll("main [data-hit]"));
        Assert.Equal("", await ana.StateAsync(Cancelled));
    }

    [EachDatabase]
    public async Task Words_and_meaning_are_put_in_one_order_and_only_words_are_marked(DatabaseKind kind)
    {
        await using var app = await Memories.StartAsync(kind);
        using var ana = app.Visit();
        await ana.AskAsync(app, "My gecko refuses every cricket.", "Warm the stone.", Cancelled);
        await ana.AskAsync(app, "Every reptile needs warmth.", "Wait longer.", Cancelled);
        await ana.RememberAsync(Cancelled);
        await ana.UntilAsync("4 of 4", Cancelled);

        var page = await ana.SearchAsync("reptile", Cancelled);

        Assert.Equal(["Every reptile needs warmth.", "My gecko refuses every cricket."], page.QuerySelectorAll("main .hit__text").Select(text => text.TextContent).Distinct());
        Assert.Equal(["My gecko refuses every cricket."], page.ByMeaning());
        Assert.All(page.QuerySelectorAll("main mark"), mark => Assert.Equal("reptile", mark.TextContent));
        // While somebody types, nothing is sent anywhere.
        var asked = app.Upstream.AllRequests.Count(request => request.Path == "/v1/embeddings");
        var typed = await ana.GetAsync("/search?words=true&q=reptile", Cancelled);
        Assert.Empty(typed.ByMeaning());
        Assert.Equal(asked, app.Upstream.AllRequests.Count(request => request.Path == "/v1/embeddings"));
    }

    [EachDatabase]
    public async Task All_pages_of_a_search_ask_the_model_once_and_show_each_message_once(DatabaseKind kind)
    {
        await using var app = await Memories.StartAsync(kind);
        using var ana = app.Visit();
        for (var number = 0; number < 12; number++)
        {
            await ana.AskAsync(app, $"Gecko number {number} is awake.", "A gecko indeed.", Cancelled);
        }

        await ana.RememberAsync(Cancelled);
        await ana.UntilAsync("24 of 24", Cancelled);
        var asked = app.Upstream.AllRequests.Count(request => request.Path == "/v1/embeddings");

        var first = await ana.SearchAsync("reptiles", Cancelled);
        var second = await ana.GetAsync(first.QuerySelector(".hits__more")!.GetAttribute("href")!, Cancelled);

        var seen = first.QuerySelectorAll("main [data-hit]").Concat(second.QuerySelectorAll("main [data-hit]")).Select(hit => hit.GetAttribute("href")).ToList();
        Assert.Equal((24, 24), (seen.Count, seen.Distinct().Count()));
        Assert.Equal(asked + 1, app.Upstream.AllRequests.Count(request => request.Path == "/v1/embeddings"));
    }

    [EachDatabase]
    public async Task A_deleted_chat_and_a_deleted_message_are_not_found_and_an_edited_one_is(DatabaseKind kind)
    {
        await using var app = await Memories.StartAsync(kind);
        using var ana = app.Visit();
        var deleted = await ana.AskAsync(app, "My gecko refuses every cricket.", "Warm the stone.", Cancelled);
        var kept = await ana.AskAsync(app, "The dough stays flat.", "Wait longer.", Cancelled);
        await ana.RememberAsync(Cancelled);
        await ana.UntilAsync("4 of 4", Cancelled);
        Assert.Equal(["My gecko refuses every cricket."], (await ana.SearchAsync("reptiles", Cancelled)).ByMeaning());

        await ana.PostAsync(deleted, Cancelled, ("_method", "DELETE"));
        Assert.Empty((await ana.SearchAsync("reptiles", Cancelled)).QuerySelectorAll("main [data-hit]"));
        await ana.PostAsync($"{deleted}/deletion", Cancelled, ("_method", "DELETE"));
        Assert.Single((await ana.SearchAsync("reptiles", Cancelled)).ByMeaning());
        await ana.PostAsync(deleted, Cancelled, ("_method", "DELETE"));

        var answer = (await ana.GetAsync(kept, Cancelled)).QuerySelector("[data-state=Complete]")!.Id!["message-".Length..];
        await ana.PostAsync($"{kept}/messages/{answer}", Cancelled, ("_method", "PUT"), ("Text", "A gecko has eaten the yeast."));
        await ana.RememberAsync(Cancelled);
        await ana.UntilAsync("3 of 3", Cancelled);
        var edited = await ana.SearchAsync("reptiles", Cancelled);
        Assert.Equal(["A gecko has eaten the yeast."], edited.ByMeaning());

        var id = edited.QuerySelector("main [data-hit]")!.GetAttribute("href")!.Split("message-")[1];
        await ana.PostAsync($"{kept}/messages/{id}", Cancelled, ("_method", "DELETE"));
        Assert.Empty((await ana.SearchAsync("reptiles", Cancelled)).QuerySelectorAll("main [data-hit]"));
    }

    [Fact]
    public async Task Nobody_finds_what_somebody_else_has_said()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var app = await Memories.StartAsync(DatabaseKind.Postgres);
        using var ana = app.Visit();
        using var bruno = app.VisitAsStranger();
        await bruno.AcceptAsync(await ana.InviteAsync("bruno@example.org", cancellationToken: Cancelled), cancellationToken: Cancelled);
        await ana.AskAsync(app, "My gecko refuses every cricket.", "Warm the stone.", Cancelled);
        await bruno.AskAsync(app, "The dough stays flat.", "Wait longer.", Cancelled);
        await ana.RememberAsync(Cancelled);
        await bruno.RememberAsync(Cancelled);
        await ana.UntilAsync("2 of 2", Cancelled);
        await bruno.UntilAsync("2 of 2", Cancelled);

        Assert.Single((await ana.SearchAsync("reptiles", Cancelled)).ByMeaning());
        Assert.Empty((await bruno.SearchAsync("reptiles", Cancelled)).QuerySelectorAll("main [data-hit]"));
        Assert.Empty((await ana.SearchAsync("sour bread", Cancelled)).QuerySelectorAll("main [data-hit]"));
        Assert.Single((await bruno.SearchAsync("sour bread", Cancelled)).ByMeaning());
    }

    [EachDatabase]
    public async Task Where_the_model_is_away_the_words_still_find_and_the_page_says_so(DatabaseKind kind)
    {
        await using var app = await Memories.StartAsync(kind);
        using var ana = app.Visit();
        await ana.AskAsync(app, "My gecko refuses every cricket.", "Warm the stone.", Cancelled);
        await ana.RememberAsync(Cancelled);
        await ana.UntilAsync("2 of 2", Cancelled);
        Assert.Null((await ana.SearchAsync("cricket", Cancelled)).QuerySelector("#meaning-away"));

        app.Upstream.Key = "another one";

        var page = await ana.SearchAsync("crickets cricket", Cancelled);
        Assert.Contains("by their words alone", page.QuerySelector("#meaning-away")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("My gecko refuses every cricket.", page.QuerySelector("main .hit__text")!.TextContent);
    }

    [EachDatabase]
    public async Task Programs_search_likewise(DatabaseKind kind)
    {
        await using var server = await ApiServer.StartAsync(kind);
        (server.App.Upstream.Models, server.App.Upstream.VectorLength) = (["fake", Memories.Embedder], 1536);
        server.App.Upstream.Subjects = [["gecko", "reptile"], ["dough", "bread"]];
        await server.Owner.AskAsync(server.App, "My gecko refuses every cricket.", "Warm the stone.", Cancelled);
        await server.Owner.RememberAsync(Cancelled);
        await server.Owner.UntilAsync("2 of 2", Cancelled);
        using var program = server.Program(await server.MakeTokenAsync("ReadChats"));

        var found = JsonElement.Parse(await program.GetStringAsync("/api/search?q=reptiles", Cancelled)).GetProperty("items").EnumerateArray().Single();

        Assert.Equal(("My gecko refuses every cricket.", true), (found.GetProperty("snippet").GetString(), found.GetProperty("byMeaning").GetBoolean()));
    }
}
