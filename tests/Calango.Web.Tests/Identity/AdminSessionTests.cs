using System.Net;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Identity;

/// <summary>Who is signed in, as whoever runs the server sees and ends it.</summary>
public sealed class AdminSessionTests : IAsyncLifetime
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private ApiServer _server = null!;
    private Visitor _bruno = null!;
    private Visitor _phone = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Visitor Ana => _server.Owner;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        _bruno = await _server.InviteAsync("bruno@example.org");
        _phone = _server.App.VisitAsStranger();
        _phone.Http.DefaultRequestHeaders.UserAgent.ParseAdd(Firefox);
        await _phone.GetAsync("/sign-in", Cancelled);
        await _phone.PostAsync("/sign-in", Cancelled, ("Email", "bruno@example.org"), ("Password", Visitor.Password));
    }

    public async ValueTask DisposeAsync()
    {
        _bruno?.Dispose();
        _phone?.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Whoever_runs_the_server_sees_who_is_signed_in_with_what_and_from_where_and_finds_them()
    {
        var all = (await Ana.GetAsync("/admin/sessions", Cancelled)).QuerySelectorAll("#sessions li").Select(row => LoginSite.Words(row.TextContent)).ToList();

        Assert.Equal(3, all.Count);
        Assert.StartsWith("Bruno bruno@example.org Firefox on Linux Signed in: ", all[0], StringComparison.Ordinal);
        Assert.Contains("opened from 127.0.0.1 End End all 2 of theirs", all[0], StringComparison.Ordinal);
        Assert.StartsWith("Bruno bruno@example.org Unknown browser", all[1], StringComparison.Ordinal);
        Assert.StartsWith("Ana ana@example.org This one", all[2], StringComparison.Ordinal);
        Assert.DoesNotContain(" End", all[2], StringComparison.Ordinal);
        Assert.Equal(2, (await Ana.GetAsync("/admin/sessions?q=BRUNO%40example", Cancelled)).QuerySelectorAll("#sessions li").Length);
        Assert.Empty((await Ana.GetAsync("/admin/sessions?q=nobody", Cancelled)).QuerySelectorAll("#sessions li"));
    }

    [Fact]
    public async Task One_that_is_ended_is_over_with_its_streams_and_the_others_go_on()
    {
        _server.App.Upstream.Enqueue(new UpstreamReply { Text = "Lizards sleep.", HoldAfter = 1 });
        var chat = await _phone.PostAsync("/messages", Cancelled, ("Text", "Where?"), ("Model", _server.App.Model.ToString()));
        using var stream = await _phone.Http.GetAsync(chat.QuerySelector("[sse-connect]")!.GetAttribute("sse-connect")!, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        var reading = stream.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(Cancelled);
        var row = (await Ana.GetAsync("/admin/sessions", Cancelled)).QuerySelectorAll("#sessions li").First(row => row.TextContent.Contains("Firefox", StringComparison.Ordinal));
        var address = $"/admin/sessions/{row.Id!["session-".Length..]}";

        var after = await Ana.PostAsync(address, Cancelled, ("_method", "DELETE"));

        Assert.Equal("/admin/sessions", Ana.Path);
        Assert.Equal(2, after.QuerySelectorAll("#sessions li").Length);
        await reading.WaitAsync(TimeSpan.FromSeconds(5), Cancelled);
        await _phone.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", _phone.Path, StringComparison.Ordinal);
        await _bruno.GetAsync("/account", Cancelled);
        Assert.Equal("/account", _bruno.Path);
        Assert.StartsWith("Ended a session of somebody Bruno Ana", await NewestActAsync(), StringComparison.Ordinal);
        using var again = await Ana.TryPostAsync(address, Cancelled, ("_method", "DELETE"));
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task All_of_somebodys_are_ended_and_of_ones_own_all_but_this()
    {
        var button = (await Ana.GetAsync("/admin/sessions", Cancelled)).QuerySelector("#sessions button[formaction$='/sessions']")!.GetAttribute("formaction")!;
        await Ana.PostAsync(button, Cancelled, ("_method", "DELETE"));

        foreach (var gone in (Visitor[])[_bruno, _phone])
        {
            await gone.GetAsync("/account", Cancelled);
            Assert.StartsWith("/sign-in", gone.Path, StringComparison.Ordinal);
        }

        Assert.StartsWith("Ended all sessions of somebody Bruno Ana", await NewestActAsync(), StringComparison.Ordinal);
        var people = await Ana.PostAsync($"/admin/people/{Account.LocalId}/sessions", Cancelled, ("_method", "DELETE"));
        Assert.Equal("/admin/sessions", Ana.Path);
        Assert.Single(people.QuerySelectorAll("#sessions li"));
        using var nobodys = await Ana.TryPostAsync($"/admin/people/{Guid.CreateVersion7()}/sessions", Cancelled, ("_method", "DELETE"));
        Assert.Equal(HttpStatusCode.NotFound, nobodys.StatusCode);
    }

    [Fact]
    public async Task Many_are_shown_a_page_at_a_time_each_once()
    {
        var sessions = _server.App.Services.GetRequiredService<Sessions>();
        for (var number = 0; number < 60; number++)
        {
            await sessions.OpenAsync(Account.LocalId, $"Browser {number}", "127.0.0.1", TimeSpan.FromDays(1), null, Cancelled);
        }

        var first = await Ana.GetAsync("/admin/sessions?q=ana", Cancelled);
        var second = await Ana.GetAsync(first.QuerySelector("#sessions a[href*='before=']")!.GetAttribute("href")!, Cancelled);

        var ids = first.QuerySelectorAll("#sessions li").Concat(second.QuerySelectorAll("#sessions li")).Select(row => row.Id).ToList();
        Assert.Equal(50, first.QuerySelectorAll("#sessions li").Length);
        Assert.Equal(61, ids.Distinct().Count());
        Assert.Equal(61, ids.Count);
        Assert.Null(second.QuerySelector("#sessions a[href*='before=']"));
    }

    private async Task<string> NewestActAsync() => LoginSite.Words((await Ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit li")!.TextContent);
}
