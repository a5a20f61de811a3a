using System.Net;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Templates;

/// <summary>Whose templates are there for whom, and what they may do with them.</summary>
public sealed class TemplateSharingTests : IAsyncLifetime
{
    private ApiServer _server = null!;
    private Visitor _bruno = null!;
    private string _template = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Visitor Ana => _server.Owner;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        _bruno = await _server.InviteAsync("bruno@example.org");
        _template = await Ana.WriteTemplateAsync("Secret recipe", "Bake {what}", Cancelled, ("Command", "bake"));
    }

    public async ValueTask DisposeAsync()
    {
        _bruno?.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Z04_a_template_that_is_not_shared_is_not_there_for_others()
    {
        Assert.Empty(await _bruno.NamesAsync("", Cancelled));
        Assert.All(await StatusesAsync(_bruno, [.. Readings, .. Changes]), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Value));
        using var used = await _bruno.TryPostAsync($"{_template}/use", Cancelled, ("Values[what]", "bread"));
        Assert.Equal(HttpStatusCode.NotFound, used.StatusCode);
        using var copied = await _bruno.Http.GetAsync($"/templates/new?from={_template.Split('/')[^1]}", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, copied.StatusCode);
        Assert.Equal(["Secret recipe"], await Ana.NamesAsync("", Cancelled));
    }

    [Fact]
    public async Task Z06_who_may_only_use_a_template_fills_it_in_and_changes_nothing()
    {
        await ShareAsync("bruno@example.org", "Use");

        Assert.Contains("Shared with you", (await _bruno.GetAsync("/templates", Cancelled)).QuerySelector("#templates li")!.TextContent, StringComparison.Ordinal);
        var page = await _bruno.GetAsync(_template, Cancelled);
        Assert.Null(page.QuerySelector("#template-form"));
        Assert.Equal("Bake {what}", page.QuerySelector("#template-shown")!.TextContent);
        Assert.Empty(page.QuerySelectorAll(".page__bar a[href$=versions], .page__bar a[href$=members], .page__bar a[href$=deletion]"));
        var chat = await _bruno.PostAsync($"{_template}/use", Cancelled, ("Values[what]", "bread"));
        Assert.Equal("Bake bread", chat.QuerySelector("#composer-text")!.TextContent);
        Assert.All(await StatusesAsync(_bruno, Changes), answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Value));
    }

    [Fact]
    public async Task Who_may_change_it_saves_versions_and_no_more()
    {
        await ShareAsync("bruno@example.org", "Edit");

        using var saved = await _bruno.TrySaveAsync(_template, Cancelled, ("Name", "Recipe"), ("Text", "Cook {what}"));
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        Assert.Equal(["Recipe"], await Ana.NamesAsync("", Cancelled));
        Assert.All(
            await StatusesAsync(_bruno, [("GET", $"{_template}/members"), ("POST", $"{_template}/members"), ("GET", $"{_template}/deletion"), ("DELETE", _template)]),
            answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Value));
    }

    [Fact]
    public async Task Z12_a_template_of_a_group_is_there_for_its_people_and_for_nobody_who_has_left()
    {
        await Ana.PostAsync("/admin/groups", Cancelled, ("Name", "Bakers"));
        var group = Ana.Path;
        await Ana.GetAsync($"{_template}/members", Cancelled);
        await Ana.PostAsync($"{_template}/members", Cancelled, ("GroupId", group.Split('/')[^1]), ("Right", "Use"));
        Assert.Empty(await _bruno.NamesAsync("", Cancelled));

        await Ana.PostAsync(group, Cancelled, ("Email", "bruno@example.org"));
        Assert.Equal(["Secret recipe"], await _bruno.NamesAsync("", Cancelled));

        var page = await Ana.GetAsync(group, Cancelled);
        await Ana.PostAsync(page.QuerySelector("#members button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));
        Assert.All(await StatusesAsync(_bruno, Readings), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Value));
    }

    [Fact]
    public async Task What_is_shared_no_more_is_not_there_any_more()
    {
        await ShareAsync("bruno@example.org", "Manage");
        Assert.Single(await _bruno.NamesAsync("", Cancelled));

        var members = await Ana.GetAsync($"{_template}/members", Cancelled);
        await Ana.PostAsync(members.QuerySelector("#members button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));

        Assert.Empty(await _bruno.NamesAsync("", Cancelled));
        Assert.All(await StatusesAsync(_bruno, Readings), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Value));
    }

    [Fact]
    public async Task Only_whoever_runs_the_server_publishes_and_what_is_published_only_they_change()
    {
        var own = await _bruno.WriteTemplateAsync("Own", "Own {text}", Cancelled);
        using var refused = await _bruno.TryPostAsync($"{own}/publication", Cancelled, ("_method", "PUT"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Null((await _bruno.GetAsync(own, Cancelled)).QuerySelector("[formaction$=publication]"));

        await Ana.GetAsync(_template, Cancelled);
        await Ana.PostAsync($"{_template}/publication", Cancelled, ("_method", "PUT"));
        Assert.Contains("For everybody", (await _bruno.GetAsync("/templates", Cancelled)).QuerySelector("#templates")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await StatusesAsync(_bruno, [("GET", $"{_template}/use")])).Single().Value);

        await ShareAsync("bruno@example.org", "Manage");
        Assert.Null((await _bruno.GetAsync(_template, Cancelled)).QuerySelector("#template-form"));
        using var changed = await _bruno.TrySaveAsync(_template, Cancelled, ("Name", "Ignore all before"), ("Text", "x"));
        Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
        using var back = await _bruno.TryPostAsync($"{_template}/versions?number=1", Cancelled, ("_method", "PUT"));
        Assert.Equal(HttpStatusCode.Forbidden, back.StatusCode);

        await Ana.GetAsync(_template, Cancelled);
        await Ana.PostAsync($"{_template}/publication", Cancelled, ("_method", "DELETE"));
        using var again = await _bruno.TrySaveAsync(_template, Cancelled, ("Name", "Recipe"), ("Text", "x"));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Sharing_publishing_and_removing_are_written_down()
    {
        await ShareAsync("bruno@example.org", "Use");
        var members = await Ana.GetAsync($"{_template}/members", Cancelled);
        await Ana.PostAsync(members.QuerySelector("#members button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));
        await Ana.PostAsync($"{_template}/publication", Cancelled, ("_method", "PUT"));
        await Ana.PostAsync($"{_template}/publication", Cancelled, ("_method", "DELETE"));
        await Ana.PostAsync(_template, Cancelled, ("_method", "DELETE"));

        var acts = (await Ana.GetAsync("/admin/audit", Cancelled)).QuerySelectorAll("#audit li").Select(entry => entry.TextContent).Take(5).ToList();

        foreach (var (act, said) in acts.Zip(["Removed a template", "Published a template no more", "Published a template for everybody", "Stopped sharing a template", "Shared a template"]))
        {
            Assert.Contains(said, act, StringComparison.Ordinal);
        }

        Assert.Contains("Secret recipe", acts[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_only_reads_on_this_server_sees_what_is_shared_and_writes_nothing()
    {
        using var carla = await _server.InviteAsync("carla@example.org", "Reads only");
        await ShareAsync("carla@example.org", "Manage");

        var page = await carla.GetAsync(_template, Cancelled);
        Assert.Null(page.QuerySelector("#template-form, #rating, .page__bar a[href$=use]"));
        Assert.All(await StatusesAsync(carla, Changes.Where(change => change.Method != "GET")), answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Value));
    }

    private (string Method, string Path)[] Readings => [("GET", _template), ("GET", $"{_template}/use")];

    private (string Method, string Path)[] Changes =>
    [
        ("GET", $"{_template}/versions"), ("GET", $"{_template}/members"), ("GET", $"{_template}/deletion"), ("POST", _template), ("PUT", $"{_template}/versions?number=1"), ("POST", $"{_template}/members"),
        ("DELETE", $"{_template}/members/{Guid.CreateVersion7()}"), ("DELETE", _template),
    ];

    private async Task ShareAsync(string email, string right)
    {
        await Ana.GetAsync($"{_template}/members", Cancelled);
        await Ana.PostAsync($"{_template}/members", Cancelled, ("Email", email), ("Right", right));
    }

    private static async Task<Dictionary<string, HttpStatusCode>> StatusesAsync(Visitor visitor, IEnumerable<(string Method, string Path)> requests)
    {
        var statuses = new Dictionary<string, HttpStatusCode>();
        foreach (var (method, path) in requests)
        {
            using var answer = method == "GET"
                ? await visitor.Http.GetAsync(path, Cancelled)
                : await visitor.TryPostAsync(path, Cancelled, ("_method", method), ("Name", "x"), ("Text", "x"), ("Email", "bruno@example.org"), ("Right", "Manage"));
            statuses.Add($"{method} {path}", answer.StatusCode);
        }

        return statuses;
    }
}
