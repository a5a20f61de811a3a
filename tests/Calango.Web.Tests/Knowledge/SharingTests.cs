using System.Net;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Knowledge;

/// <summary>Whose collections are there for whom, and what they may do with them.</summary>
public sealed class SharingTests : IAsyncLifetime
{
    private const string Question = "where is the treasure";

    private ApiServer _server = null!;
    private Visitor _bruno = null!;
    private string _collection = null!;
    private string _document = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Visitor Ana => _server.Owner;

    private string File => $"/files/documents/{_document.Split('/')[2]}/{_document.Split('/')[4]}";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        _bruno = await _server.InviteAsync("bruno@example.org");
        _collection = await Ana.MakeCollectionAsync("Secrets", Cancelled);
        _document = (await Ana.AddAsync(_collection, Cancelled, ("map.txt", "The treasure is under the third palm."))).Documents()[0].Address();
    }

    public async ValueTask DisposeAsync()
    {
        _bruno?.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Z04_a_collection_that_is_not_shared_is_not_there_for_others()
    {
        Assert.Empty((await _bruno.GetAsync("/knowledge", Cancelled)).QuerySelectorAll("#collections li"));
        Assert.All(await StatusesAsync(_bruno, Readings), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Value));
        Assert.All(await StatusesAsync(_bruno, Changes), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Value));
        using var added = await _bruno.TryAddAsync(_collection, Cancelled, ("mine.txt", "x"u8.ToArray()));
        Assert.Equal(HttpStatusCode.NotFound, added.StatusCode);
        // A document of hers is not found through a collection of his, either.
        var own = await _bruno.MakeCollectionAsync("Own", Cancelled);
        Assert.All(await StatusesAsync(_bruno, [("GET", _document.Replace(_collection, own, StringComparison.Ordinal)), ("DELETE", _document.Replace(_collection, own, StringComparison.Ordinal))]), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Value));

        Assert.Equal("Ready", Assert.Single((await Ana.GetAsync(_collection, Cancelled)).Documents()).GetAttribute("data-state"));
        Assert.Single(await Ana.FindAsync(_collection, Question, Cancelled));
    }

    [Fact]
    public async Task Z06_who_may_only_read_a_collection_searches_it_and_changes_nothing()
    {
        await ShareAsync("bruno@example.org", "Read");

        Assert.Contains("Shared with you", (await _bruno.GetAsync("/knowledge", Cancelled)).QuerySelector("#collections li")!.TextContent, StringComparison.Ordinal);
        var page = await _bruno.GetAsync(_collection, Cancelled);
        Assert.Empty(page.QuerySelectorAll("#upload, #paste, #documents button, .page__bar a[href$=setup], .page__bar a[href$=members], .page__bar a[href$=deletion]"));
        Assert.Single(await _bruno.FindAsync(_collection, Question, Cancelled));
        Assert.Equal(HttpStatusCode.OK, (await StatusesAsync(_bruno, [("GET", File)])).Single().Value);
        Assert.All(await StatusesAsync(_bruno, Changes), answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Value));
        using var refused = await _bruno.TryAddAsync(_collection, Cancelled, ("mine.txt", "x"u8.ToArray()));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("You may read this collection, and not change it", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        Assert.Equal("Ready", Assert.Single((await Ana.GetAsync(_collection, Cancelled)).Documents()).GetAttribute("data-state"));
    }

    [Fact]
    public async Task Who_may_write_adds_and_removes_documents_and_no_more()
    {
        await ShareAsync("bruno@example.org", "Write");

        var page = await _bruno.AddAsync(_collection, Cancelled, ("mine.txt", "The spade is in the shed."));
        Assert.Equal(2, page.Documents().Count);
        await _bruno.PostAsync(page.Documents()[1].Address(), Cancelled, ("_method", "DELETE"));
        Assert.Single((await Ana.GetAsync(_collection, Cancelled)).Documents());
        Assert.All(
            await StatusesAsync(_bruno, [("GET", $"{_collection}/setup"), ("PUT", $"{_collection}/setup"), ("GET", $"{_collection}/members"), ("DELETE", _collection)]),
            answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Value));
    }

    [Fact]
    public async Task L02_after_it_is_shared_no_more_nobody_finds_anything_in_it()
    {
        await ShareAsync("bruno@example.org", "Manage");
        Assert.Single(await _bruno.FindAsync(_collection, Question, Cancelled));

        var members = await Ana.GetAsync($"{_collection}/members", Cancelled);
        await Ana.PostAsync(members.QuerySelector("#members button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));

        Assert.Empty((await Ana.GetAsync($"{_collection}/members", Cancelled)).QuerySelectorAll("#members li"));
        Assert.All(await StatusesAsync(_bruno, Readings), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Value));
        Assert.Empty((await _bruno.GetAsync("/knowledge", Cancelled)).QuerySelectorAll("#collections li"));
    }

    [Fact]
    public async Task Z12_a_collection_of_a_group_is_there_for_its_people_and_for_nobody_who_has_left()
    {
        await Ana.PostAsync("/admin/groups", Cancelled, ("Name", "Divers"));
        var group = Ana.Path;
        await Ana.GetAsync($"{_collection}/members", Cancelled);
        await Ana.PostAsync($"{_collection}/members", Cancelled, ("GroupId", group.Split('/')[^1]), ("Right", "Read"));
        using var before = await _bruno.Http.GetAsync(_collection, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);

        await Ana.PostAsync(group, Cancelled, ("Email", "bruno@example.org"));
        Assert.Single(await _bruno.FindAsync(_collection, Question, Cancelled));

        var page = await Ana.GetAsync(group, Cancelled);
        await Ana.PostAsync(page.QuerySelector("#members button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));
        Assert.All(await StatusesAsync(_bruno, Readings), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Value));
    }

    [Fact]
    public async Task Somebody_shares_with_the_groups_that_they_are_in_and_learns_of_no_others()
    {
        await Ana.PostAsync("/admin/groups", Cancelled, ("Name", "Divers"));
        var group = Ana.Path.Split('/')[^1];
        var own = await _bruno.MakeCollectionAsync("Own", Cancelled);

        Assert.Null((await _bruno.GetAsync($"{own}/members", Cancelled)).QuerySelector("#group-form"));
        using var refused = await _bruno.TryPostAsync($"{own}/members", Cancelled, ("GroupId", group), ("Right", "Read"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        foreach (var email in new[] { "", "nobody@example.org", "bruno@example.org" })
        {
            using var nobody = await _bruno.TryPostAsync($"{own}/members", Cancelled, ("Email", email), ("Right", "Read"));
            Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
            Assert.NotNull((await Reading.PageAsync(nobody, Cancelled)).QuerySelector("#field-email-error"));
        }

        Assert.Empty((await _bruno.GetAsync($"{own}/members", Cancelled)).QuerySelectorAll("#members li"));
    }

    [Fact]
    public async Task Who_only_reads_on_this_server_reads_and_searches_what_is_shared_with_them()
    {
        using var carla = await _server.InviteAsync("carla@example.org", "Reads only");
        await ShareAsync("carla@example.org", "Manage");

        Assert.Null((await carla.GetAsync("/knowledge", Cancelled)).QuerySelector("#collection-form"));
        var page = await carla.GetAsync(_collection, Cancelled);
        Assert.Empty(page.QuerySelectorAll("#upload, #paste, #documents button"));
        Assert.Single(await carla.FindAsync(_collection, Question, Cancelled));
        Assert.All(await StatusesAsync(carla, Changes.Where(change => change.Method != "GET")), answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Value));
        using var made = await carla.TryPostAsync("/knowledge", Cancelled, ("Name", "Mine"));
        Assert.Equal(HttpStatusCode.Forbidden, made.StatusCode);
    }

    [Fact]
    public async Task Sharing_ending_that_and_removing_are_written_down()
    {
        await ShareAsync("bruno@example.org", "Read");
        await ShareAsync("bruno@example.org", "Write");
        var members = await Ana.GetAsync($"{_collection}/members", Cancelled);
        Assert.Contains("Also add and remove documents", Assert.Single(members.QuerySelectorAll("#members li")).TextContent, StringComparison.Ordinal);
        await Ana.PostAsync(members.QuerySelector("#members button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));
        await Ana.PostAsync(_collection, Cancelled, ("_method", "DELETE"));

        var acts = (await Ana.GetAsync("/admin/audit", Cancelled)).QuerySelectorAll("#audit li").Select(entry => entry.TextContent).Take(4).ToList();

        Assert.Contains("Removed a collection", acts[0], StringComparison.Ordinal);
        Assert.Contains("Secrets", acts[0], StringComparison.Ordinal);
        Assert.Contains("Stopped sharing a collection", acts[1], StringComparison.Ordinal);
        Assert.All(acts[2..], act => Assert.Contains("Shared a collection", act, StringComparison.Ordinal));
        Assert.Contains("Write", acts[2], StringComparison.Ordinal);
    }

    private (string Method, string Path)[] Readings => [("GET", _collection), ("GET", _document), ("GET", File), ("GET", $"{_collection}/search?q=treasure")];

    private (string Method, string Path)[] Changes =>
    [
        ("GET", $"{_collection}/setup"), ("GET", $"{_collection}/members"), ("GET", $"{_collection}/deletion"), ("PUT", $"{_collection}/setup"), ("POST", $"{_collection}/members"),
        ("DELETE", $"{_collection}/members/{Guid.CreateVersion7()}"), ("POST", $"{_document}/intake"), ("DELETE", $"{_document}/intake"), ("DELETE", _document), ("DELETE", _collection),
    ];

    private async Task ShareAsync(string email, string right)
    {
        await Ana.GetAsync($"{_collection}/members", Cancelled);
        await Ana.PostAsync($"{_collection}/members", Cancelled, ("Email", email), ("Right", right));
    }

    private static async Task<Dictionary<string, HttpStatusCode>> StatusesAsync(Visitor visitor, IEnumerable<(string Method, string Path)> requests)
    {
        var statuses = new Dictionary<string, HttpStatusCode>();
        foreach (var (method, path) in requests)
        {
            using var answer = method == "GET"
                ? await visitor.Http.GetAsync(path, Cancelled)
                : await visitor.TryPostAsync(path, Cancelled, ("_method", method), ("Name", "x"), ("Email", "bruno@example.org"), ("Right", "Manage"));
            statuses.Add($"{method} {path}", answer.StatusCode);
        }

        return statuses;
    }
}
