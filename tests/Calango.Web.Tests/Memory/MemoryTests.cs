using Calango.Core.Data;
using Calango.Core.Memory;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Memory;

/// <summary>Messages get their places in the background, whatever comes between.</summary>
public sealed class MemoryTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_off_until_it_is_wanted_and_says_who_reads_the_messages()
    {
        await using var app = await Memories.StartAsync();
        using var ana = app.Visit();

        var section = (await ana.GetAsync("/preferences", Cancelled)).QuerySelector("#chat-memory")!;

        Assert.False(section.QuerySelector("#memory-on")!.HasAttribute("checked"));
        Assert.Contains($"are sent to {app.Upstream.Address.Host}", section.QuerySelector("#memory-hint")!.TextContent, StringComparison.Ordinal);
        await ana.RememberAsync(Cancelled);
        Assert.True((await ana.GetAsync("/preferences", Cancelled)).QuerySelector("#memory-on")!.HasAttribute("checked"));
    }

    [Fact]
    public async Task Without_an_embedding_model_it_says_where_to_get_one()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        var section = (await ana.GetAsync("/preferences", Cancelled)).QuerySelector("#chat-memory")!;

        Assert.Null(section.QuerySelector("form"));
        Assert.Equal("/models/embedders", section.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_refused()
    {
        await using var app = await Memories.StartAsync();
        using var ana = app.Visit();
        await ana.GetAsync("/preferences", Cancelled);

        var page = await ana.PostAsync("/memory", Cancelled, ("On", "true"), ("Embedder", $"{Guid.CreateVersion7():N}/small"));

        Assert.Equal("This model cannot be chosen. Choose one of the list.", page.QuerySelector("#chat-memory .field__error")!.TextContent);
        Assert.False(page.QuerySelector("#memory-on")!.HasAttribute("checked"));
    }

    [EachDatabase]
    public async Task New_messages_follow_and_a_long_one_is_found_by_its_last_paragraph(DatabaseKind kind)
    {
        await using var app = await Memories.StartAsync(kind);
        using var ana = app.Visit();
        await ana.RememberAsync(Cancelled);
        var filler = string.Join(' ', Enumerable.Range(0, 3_000).Select(number => $"word{number}"));

        await ana.AskAsync(app, $"{filler}\n\nAt the very end the gecko woke up.", "Good.", Cancelled);
        await ana.RememberAsync(Cancelled);
        await ana.UntilAsync("2 of 2", Cancelled);

        // The passage is shown that says it, and all others had their place, too.
        Assert.Contains("word29", Assert.Single((await ana.SearchAsync("reptiles", Cancelled)).ByMeaning()), StringComparison.Ordinal);
        var placed = Placed(app);
        Assert.All(Enumerable.Range(0, 3_000), number => Assert.Contains($"word{number}", placed, StringComparison.Ordinal));
    }

    [EachDatabase]
    public async Task Another_model_places_all_anew_and_nothing_of_the_one_before_is_left(DatabaseKind kind)
    {
        const string other = "text-embedding-ada-002";
        await using var app = await Memories.StartAsync(kind);
        app.Upstream.Models = ["fake", Memories.Embedder, other];
        using var ana = app.Visit();
        await ana.AskAsync(app, "My gecko refuses every cricket.", "Warm the stone.", Cancelled);
        await ana.RememberAsync(Cancelled);
        await ana.UntilAsync("2 of 2", Cancelled);

        await ana.RememberAsync(Cancelled, other);
        await ana.UntilAsync("2 of 2", Cancelled);

        Assert.Equal(2, await VectorsAsync(app));
        Assert.Single((await ana.SearchAsync("reptiles", Cancelled)).ByMeaning());
        Assert.Contains(app.Upstream.AllRequests, request => request.Path == "/v1/embeddings" && request.Body.GetProperty("model").GetString() == other && request.Body.GetRawText().Contains("cricket", StringComparison.Ordinal));
    }

    [EachDatabase]
    public async Task A_model_that_is_away_is_said_and_it_goes_on_where_it_was_also_in_another_process_without_doubles(DatabaseKind kind)
    {
        await using var app = await Memories.StartAsync(kind);
        using var ana = app.Visit();
        await ana.AskAsync(app, "My gecko refuses every cricket.", "Warm the stone.", Cancelled);
        await ana.RememberAsync(Cancelled);
        await ana.UntilAsync("2 of 2", Cancelled);
        await ana.AskAsync(app, "The dough stays flat.", "Wait longer.", Cancelled);
        app.Upstream.Key = "another one";
        await ana.RememberAsync(Cancelled);
        await ana.UntilAsync("The model cannot be asked now.", Cancelled);
        Assert.Contains("2 of 4", await ana.StateAsync(Cancelled), StringComparison.Ordinal);

        // Another process has died at it a moment ago.
        await app.Services.GetRequiredService<Database>().WriteAsync(
            db => db.Set<ChatMemory>().ExecuteUpdateAsync(set => set.SetProperty(memory => memory.ClaimedBy, Guid.CreateVersion7()).SetProperty(memory => memory.ClaimedUntil, TimeProvider.System.GetUtcNow().AddSeconds(2)), Cancelled), Cancelled);
        app.Upstream.Key = null;
        await app.RestartAsync();
        using var again = app.Visit();
        await Eventually.HoldsAsync(
            "all have a place",
            async () =>
            {
                await again.RememberAsync(Cancelled);
                return (await again.StateAsync(Cancelled)).StartsWith("4 of 4", StringComparison.Ordinal);
            },
            Cancelled);

        Assert.Equal(4, await VectorsAsync(app));
        Assert.Single(app.Upstream.AllRequests, request => request.Path == "/v1/embeddings" && request.Body.GetRawText().Contains("cricket", StringComparison.Ordinal));
        Assert.DoesNotContain("cannot be asked", await again.StateAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_placed_counts_in_quotas_and_one_without_room_is_said()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var app = await Memories.StartAsync(DatabaseKind.Postgres);
        using var ana = app.Visit();
        await ana.AskAsync(app, "My gecko refuses every cricket.", "Warm the stone.", Cancelled);
        await ana.PostAsync("/admin/quotas", Cancelled, ("Scope", "Everybody"), ("Unit", "Tokens"), ("Period", "Day"), ("Limit", "1"));

        await ana.RememberAsync(Cancelled);

        await ana.UntilAsync("A quota has no room", Cancelled);
        Assert.Contains("0 of 2", await ana.StateAsync(Cancelled), StringComparison.Ordinal);
        Assert.NotNull((await ana.SearchAsync("gecko", Cancelled)).QuerySelector("#meaning-away"));
    }

    [EachDatabase]
    public async Task Portuguese_is_translated_for_a_model_that_reads_English_and_shown_as_it_is(DatabaseKind kind)
    {
        const string english = "nomic-embed-text";
        Assert.SkipUnless(File.Exists("/usr/share/apertium/modes/pt-es.mode"), "apertium is not installed; ./calango test does it.");
        await using var app = await Memories.StartAsync(kind);
        (app.Upstream.Models, app.Upstream.VectorLength, app.Upstream.Subjects) = (["fake", english], 768, [["king", "queen"], ["dough", "bread"]]);
        using var ana = app.Visit();
        await ana.AskAsync(app, "O rei morreu sem deixar herdeiros.", "Que pena para todos eles.", Cancelled);
        await ana.RememberAsync(Cancelled, english);
        await ana.UntilAsync("2 of 2", Cancelled);

        Assert.Equal(["O rei morreu sem deixar herdeiros."], (await ana.SearchAsync("Who was the queen?", Cancelled)).ByMeaning());
        Assert.Contains("The king died without leaving heirs.", Placed(app), StringComparison.Ordinal);
        Assert.DoesNotContain("morreu", Placed(app), StringComparison.Ordinal);
    }

    private static string Placed(TestApp app) => string.Join('\n', app.Upstream.AllRequests.Where(request => request.Path == "/v1/embeddings")
        .SelectMany(request => request.Body.GetProperty("input").EnumerateArray()).Select(text => text.GetString()));

    private static Task<int> VectorsAsync(TestApp app) => app.Services.GetRequiredService<Database>().ReadAsync(
        db => db.Database.SqlQueryRaw<int>("SELECT CAST(count(*) AS INTEGER) AS \"Value\" FROM message_vectors").SingleAsync(Cancelled), Cancelled);

    [EachDatabase]
    public async Task It_may_be_wanted_on_several_pages_at_once(DatabaseKind kind)
    {
        await using var app = await Memories.StartAsync(kind);
        using var ana = app.Visit();
        var page = await ana.GetAsync("/preferences", Cancelled);
        var embedder = page.QuerySelectorAll("#memory-embedder option, #chat-memory input[name=Embedder]").Select(field => field.GetAttribute("value")!)
            .Single(value => value.EndsWith($"/{Memories.Embedder}", StringComparison.Ordinal));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ana.TryPostAsync("/memory", Cancelled, ("On", "true"), ("Embedder", embedder))));

        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}"));
        Assert.NotEqual("", await ana.StateAsync(Cancelled));
        Array.ForEach(answers, answer => answer.Dispose());
    }
}
