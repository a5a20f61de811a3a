using System.Net;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Chat;

/// <summary>Chats are put in order by a browser that runs no scripts.</summary>
public sealed class OrganisingTests : IAsyncLifetime
{
    private TestApp app = null!;
    private Visitor ana = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync();
        ana = app.Visit();
    }

    public async ValueTask DisposeAsync()
    {
        ana.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task UX_63_a_chat_is_pinned_from_its_menu_and_stands_first_under_a_heading_of_its_own()
    {
        var (first, _) = (await AskAsync("first"), await AskAsync("second"));

        await ActAsync(await ana.GetAsync($"/chat/{first}/menu", Cancelled), "Pin");

        var list = (await ana.GetAsync("/", Cancelled)).QuerySelectorAll("#conversations > li").Select(line => line.TextContent.Trim()).ToList();
        Assert.Equal(["Pinned", "first", "Today", "second"], list);
        await ActAsync(await ana.GetAsync($"/chat/{first}/menu", Cancelled), "Unpin");
        Assert.Equal(["second", "first"], await ListedAsync());
    }

    [Fact]
    public async Task UX_66_an_archived_chat_is_found_marked_and_comes_back_by_its_menu_and_when_somebody_writes_in_it()
    {
        var chat = await AskAsync("iguanas");

        await ActAsync(await ana.GetAsync($"/chat/{chat}/menu", Cancelled), "Archive");

        Assert.Empty(await ListedAsync());
        Assert.Equal(["iguanas"], Rows(await ana.GetAsync("/conversations?show=archived", Cancelled)));
        Assert.Empty(Rows(await ana.GetAsync("/conversations", Cancelled)));
        Assert.Contains("Archived", (await ana.GetAsync("/search?q=iguanas", Cancelled)).QuerySelector(".hit__mark")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Archived", (await ana.GetAsync($"/chat/{chat}", Cancelled)).QuerySelector("#marks")!.TextContent, StringComparison.Ordinal);
        await ActAsync(await ana.GetAsync($"/chat/{chat}/menu", Cancelled), "Unarchive");
        Assert.Equal(["iguanas"], await ListedAsync());

        await ActAsync(await ana.GetAsync($"/chat/{chat}/menu", Cancelled), "Archive");
        await ana.PostAsync($"/chat/{chat}/messages", Cancelled, ("Text", "[[n=1]] more"), ("ClientMessageId", Guid.CreateVersion7().ToString()));
        Assert.Equal(["iguanas"], await ListedAsync());
    }

    [Fact]
    public async Task UX_70_many_are_put_away_and_deleted_at_once_and_one_button_takes_it_back()
    {
        var (first, second, _) = (await AskAsync("first"), await AskAsync("second"), await AskAsync("third"));
        Assert.Equal(["third", "second", "first"], Rows(await ana.GetAsync("/conversations", Cancelled)));

        var done = await ana.PostAsync("/conversations/acts", Cancelled, ("Act", "Archive"), ("Chats", first), ("Chats", second));
        Assert.Contains("2 chats were archived.", done.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["third"], await ListedAsync());
        await UndoAsync(done);
        Assert.Equal(["third", "second", "first"], await ListedAsync());

        done = await ana.PostAsync("/conversations/acts", Cancelled, ("Act", "Trash"), ("Chats", first), ("Chats", second));
        Assert.Equal(["second", "first"], TrashOf(await ana.GetAsync("/conversations/trash", Cancelled)).Order().Reverse());
        await UndoAsync(done);
        Assert.Equal(["third", "second", "first"], await ListedAsync());

        using var none = await ana.TryPostAsync("/conversations/acts", Cancelled, ("Act", "Archive"));
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
    }

    [Fact]
    public async Task UX_67_a_deleted_chat_is_in_the_trash_alone_is_brought_back_from_it_or_goes_for_good()
    {
        var (first, second, third) = (await AskAsync("geckos one"), await AskAsync("geckos two"), await AskAsync("geckos three"));
        foreach (var chat in new[] { first, second, third })
        {
            await ana.PostAsync($"/chat/{chat}", Cancelled, ("_method", "DELETE"));
        }

        var trash = await ana.GetAsync("/conversations/trash", Cancelled);
        Assert.Equal(["geckos three", "geckos two", "geckos one"], TrashOf(trash));
        Assert.Contains("30 days", trash.QuerySelector("main .hint")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(await ListedAsync());
        Assert.Empty((await ana.GetAsync("/search?q=geckos", Cancelled)).QuerySelectorAll(".hit"));

        await ActAsync(trash, "Restore", "Restore geckos one");
        Assert.Equal(["geckos one"], await ListedAsync());
        await ActAsync(await ana.GetAsync($"/conversations/trash/{second}", Cancelled), "Delete for good");
        Assert.Equal(["geckos three"], TrashOf(await ana.GetAsync("/conversations/trash", Cancelled)));
        using var gone = await ana.TryPostAsync($"/chat/{second}/deletion", Cancelled, ("_method", "DELETE"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        await ActAsync(await ana.GetAsync("/conversations/trash/emptying", Cancelled), "Empty the trash");
        Assert.Empty(TrashOf(await ana.GetAsync("/conversations/trash", Cancelled)));
        Assert.Equal(["geckos one"], await ListedAsync());
    }

    [Fact]
    public async Task What_is_somebody_elses_is_not_there()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        var mine = (await server.Owner.PostAsync("/messages", Cancelled, ("Text", "[[n=1]] hers"), ("ClientMessageId", Guid.CreateVersion7().ToString()), ("Model", server.App.Model.ToString())))
            .QuerySelector("#chat")!.GetAttribute("data-chat")!;
        using var bruno = await server.InviteAsync("bruno@example.org");

        foreach (var path in new[] { "menu", "title", "marks" })
        {
            using var answer = await bruno.Http.GetAsync($"/chat/{mine}/{path}", Cancelled);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound || answer.RequestMessage!.RequestUri!.AbsolutePath == $"/chat/{mine}", path);
        }

        foreach (var (path, fields) in new (string, (string, string)[])[]
        {
            ($"/chat/{mine}/pin", []), ($"/chat/{mine}/pin", [("_method", "DELETE")]), ($"/chat/{mine}/archive", []), ($"/chat/{mine}/archive", [("_method", "DELETE")]),
            ($"/conversations/trash/{mine}", [("_method", "DELETE")]), ("/conversations/acts", [("Act", "Trash"), ("Chats", mine)]),
            ("/conversations/acts", [("_method", "DELETE"), ("Act", "Archive"), ("Before", Guid.Parse(mine).ToString("N"))]),
        })
        {
            using var answer = await bruno.TryPostAsync(path, Cancelled, fields);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{path}: {answer.StatusCode}");
        }
    }

    private async Task<string> AskAsync(string title)
    {
        var chat = await ana.PostAsync("/messages", Cancelled, ("Text", $"[[n=1]] {title}"), ("ClientMessageId", Guid.CreateVersion7().ToString()), ("Model", app.Model.ToString()));
        var id = chat.QuerySelector("#chat")!.GetAttribute("data-chat")!;
        await Eventually.HoldsAsync("the answer is whole", async () => (await ana.GetAsync($"/chat/{id}", Cancelled)).QuerySelector("[data-stop]") is null, Cancelled);
        await ana.PostAsync($"/chat/{id}/title", Cancelled, ("_method", "PUT"), ("Text", title));
        return id;
    }

    // Presses a button of a page.
    private Task<IHtmlDocument> ActAsync(IHtmlDocument page, string text, string? name = null)
    {
        var button = page.QuerySelectorAll("#main button").First(button => button.TextContent.Trim() == text && (name is null || button.GetAttribute("aria-label") == name));
        return ana.PostAsync(button.GetAttribute("formaction")!, Cancelled, button.GetAttribute("name") is { } field ? [(field, button.GetAttribute("value")!)] : []);
    }

    private Task<IHtmlDocument> UndoAsync(IHtmlDocument page) => ana.PostAsync(
        "/conversations/acts", Cancelled,
        [.. page.QuerySelectorAll("#main form input").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value") ?? "")).Where(field => field.Item1 != "__RequestVerificationToken")]);

    private async Task<IReadOnlyList<string>> ListedAsync() => [.. (await ana.GetAsync("/", Cancelled)).QuerySelectorAll("#conversations .conversation__title").Select(title => title.TextContent.Trim())];

    private static IReadOnlyList<string> Rows(IHtmlDocument page) => [.. page.QuerySelectorAll("#chats .conversation__title").Select(title => title.TextContent.Trim())];

    private static IReadOnlyList<string> TrashOf(IHtmlDocument page) => [.. page.QuerySelectorAll("#trash .conversation__title").Select(title => title.TextContent.Trim())];
}
