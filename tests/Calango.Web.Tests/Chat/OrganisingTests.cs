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
    public async Task UX_64_folders_are_made_nested_filled_closed_renamed_and_removed_and_no_chat_goes_with_them()
    {
        var chat = await AskAsync("geckos");
        await ana.PostAsync("/folders/new", Cancelled, ("Name", "<img src=x onerror=alert(1)>"));
        var outer = Rest(ana.Path, "folder=");
        await ana.PostAsync("/folders/new", Cancelled, ("Name", "Inner"), ("Parent", outer));
        var inner = Rest(ana.Path, "folder=");
        await ana.PostAsync($"/chat/{chat}/folder", Cancelled, ("_method", "PUT"), ("Folder", inner));
        await ana.PostAsync("/messages", Cancelled, ("Text", "[[n=1]] begun there"), ("Folder", outer), ("ClientMessageId", Guid.CreateVersion7().ToString()), ("Model", app.Model.ToString()));

        var page = await ana.GetAsync("/", Cancelled);
        Assert.Empty(page.QuerySelectorAll("img[src=x]"));
        Assert.Equal(["<img src=x onerror=alert(1)>", "Inner"], page.QuerySelectorAll(".folder__name").Select(name => name.TextContent.Trim()));
        Assert.NotNull(page.QuerySelector($"#folder-{outer} #folder-{inner} a[href='/chat/{chat}']"));
        Assert.Equal(2, page.QuerySelectorAll($"#folder-{outer} .conversation__link").Length);
        Assert.Contains("Folders", page.QuerySelector("#conversations > li")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["geckos"], Rows(await ana.GetAsync($"/conversations?folder={inner}", Cancelled)));
        Assert.Contains("Inner", (await ana.GetAsync($"/?folder={inner}", Cancelled)).QuerySelector(".welcome")!.TextContent, StringComparison.Ordinal);

        await ana.PostAsync($"/folders/{inner}/contents", Cancelled, ("_method", "DELETE"));
        Assert.Null((await ana.GetAsync("/", Cancelled)).QuerySelector($"a[href='/chat/{chat}']"));
        await ana.PostAsync($"/folders/{inner}/name", Cancelled, ("_method", "PUT"), ("Name", "Reptiles"));
        await ActAsync(await ana.GetAsync($"/folders/{outer}/deletion", Cancelled), "Remove folder");
        Assert.Equal(["Reptiles"], (await ana.GetAsync("/", Cancelled)).QuerySelectorAll(".folder__name").Select(name => name.TextContent.Trim()));
        await ActAsync(await ana.GetAsync($"/folders/{inner}/deletion", Cancelled), "Remove folder");
        Assert.Contains("geckos", await ListedAsync());
        using var gone = await ana.Http.GetAsync($"/conversations?folder={inner}", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task UX_65_tags_are_put_on_chats_one_by_one_and_on_many_at_once_renamed_and_removed()
    {
        var (first, second) = (await AskAsync("first"), await AskAsync("second"));
        await ana.PostAsync($"/chat/{first}/tags", Cancelled, ("_method", "PUT"), ("Name", "<b>field</b>"), ("Color", "Leaf"));
        var tags = await ana.GetAsync("/tags", Cancelled);
        Assert.Empty(tags.QuerySelectorAll("#tags b"));
        var tag = tags.QuerySelector("#tags .row")!.Id!["tag-".Length..];

        await UndoAsync(await ana.PostAsync("/conversations/acts", Cancelled, ("Act", "Tag"), ("Tag", tag), ("Chats", first), ("Chats", second)));
        Assert.Equal(["first"], Rows(await ana.GetAsync($"/conversations?tag={tag}", Cancelled)));
        await ana.PostAsync("/conversations/acts", Cancelled, ("Act", "Tag"), ("Tag", tag), ("Chats", first), ("Chats", second));
        Assert.Equal(["second", "first"], Rows(await ana.GetAsync($"/conversations?tag={tag}", Cancelled)));

        await ana.PostAsync($"/tags/{tag}", Cancelled, ("_method", "PUT"), ("Name", "Notes"), ("Color", "Sky"));
        Assert.Equal("Notes", (await ana.GetAsync("/conversations", Cancelled)).QuerySelector("#chats .tag--sky")!.TextContent.Trim());
        await ana.PostAsync($"/chat/{first}/tags", Cancelled, ("_method", "PUT"));
        Assert.Equal(["second"], Rows(await ana.GetAsync($"/conversations?tag={tag}", Cancelled)));
        await ana.PostAsync($"/tags/{tag}", Cancelled, ("_method", "DELETE"));
        Assert.Empty((await ana.GetAsync("/conversations", Cancelled)).QuerySelectorAll("#chats .tag"));
        Assert.Equal(["second", "first"], await ListedAsync());
    }

    [Fact]
    public async Task What_is_somebody_elses_is_not_there()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        var mine = (await server.Owner.PostAsync("/messages", Cancelled, ("Text", "[[n=1]] hers"), ("ClientMessageId", Guid.CreateVersion7().ToString()), ("Model", server.App.Model.ToString())))
            .QuerySelector("#chat")!.GetAttribute("data-chat")!;
        await server.Owner.PostAsync("/folders/new", Cancelled, ("Name", "hers"));
        var folder = Rest(server.Owner.Path, "folder=");
        await server.Owner.PostAsync("/tags", Cancelled, ("Name", "hers"));
        var tag = (await server.Owner.GetAsync("/tags", Cancelled)).QuerySelector("#tags .row")!.Id!["tag-".Length..];
        using var bruno = await server.InviteAsync("bruno@example.org");

        foreach (var path in new[]
        {
            $"/?folder={folder}", $"/conversations?folder={folder}", $"/conversations?tag={tag}", $"/folders/{folder}/menu", $"/folders/{folder}/name", $"/folders/{folder}/place", $"/folders/{folder}/deletion",
            $"/tags/{tag}", $"/chat/{mine}/folder", $"/chat/{mine}/tags",
        })
        {
            using var answer = await bruno.Http.GetAsync(path, Cancelled);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{path}: {answer.StatusCode}");
        }

        foreach (var path in new[] { "menu", "title", "marks" })
        {
            using var answer = await bruno.Http.GetAsync($"/chat/{mine}/{path}", Cancelled);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound || answer.RequestMessage!.RequestUri!.AbsolutePath == $"/chat/{mine}", path);
        }

        foreach (var (path, fields) in new (string, (string, string)[])[]
        {
            ($"/chat/{mine}/pin", []), ($"/chat/{mine}/pin", [("_method", "DELETE")]), ($"/chat/{mine}/archive", []), ($"/chat/{mine}/archive", [("_method", "DELETE")]),
            ($"/folders/{folder}", [("_method", "DELETE")]), ($"/folders/{folder}/name", [("_method", "PUT"), ("Name", "his")]), ($"/folders/{folder}/place", [("_method", "PUT")]),
            ($"/folders/{folder}/contents", [("_method", "DELETE")]), ("/folders/new", [("Name", "in hers"), ("Parent", folder)]), ($"/tags/{tag}", [("_method", "PUT"), ("Name", "his")]),
            ($"/tags/{tag}", [("_method", "DELETE")]), ($"/chat/{mine}/folder", [("_method", "PUT"), ("Name", "his")]), ($"/chat/{mine}/tags", [("_method", "PUT"), ("Name", "his")]),
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

    private static string Rest(string path, string after) => path[(path.IndexOf(after, StringComparison.Ordinal) + after.Length)..];

    private static IReadOnlyList<string> Rows(IHtmlDocument page) => [.. page.QuerySelectorAll("#chats .conversation__title").Select(title => title.TextContent.Trim())];

    private static IReadOnlyList<string> TrashOf(IHtmlDocument page) => [.. page.QuerySelectorAll("#trash .conversation__title").Select(title => title.TextContent.Trim())];
}
