using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Mail;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Identity;

/// <summary>Who wants to go can go, and until it is done can stay.</summary>
public sealed class AccountRemovalTests : IAsyncLifetime
{
    private readonly ScriptedMailServer _mail = ScriptedMailServer.Start();
    private TestApp _app = null!;
    private Visitor _ana = null!;
    private Visitor _bruno = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false, new Dictionary<string, string?>
        {
            ["CALANGO_MAIL_HOST"] = "127.0.0.1",
            ["CALANGO_MAIL_PORT"] = $"{_mail.Port}",
            ["CALANGO_MAIL_SECURITY"] = "None",
            ["CALANGO_MAIL_FROM"] = "calango@example.org",
        });
        _ana = _app.Visit();
        _bruno = _app.VisitAsStranger();
        await _ana.GetAsync("/admin/people", Cancelled);
        await _bruno.AcceptAsync(await _ana.InviteAsync("bruno@example.org", cancellationToken: Cancelled), cancellationToken: Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        _bruno?.Dispose();
        _ana?.Dispose();
        await (_app?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_asks_with_their_password_is_signed_out_everywhere_and_so_are_their_programs()
    {
        var token = await ApiServer.MakeTokenAsync(_bruno, "Models");
        using var elsewhere = await SignInAsync();

        await AskAsync(_bruno, Visitor.Password);

        Assert.Equal("/sign-in?leaving=true", _bruno.Path);
        Assert.Equal("/sign-in?returnUrl=%2Faccount", (await elsewhere.GetAsync("/account", Cancelled), elsewhere.Path).Path);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskForModelsAsync(token));
        await Eventually.HoldsAsync("the letter has come", () => Task.FromResult(_mail.Received.Count == 1), Cancelled);
        Assert.Equal(["bruno@example.org"], _mail.Received[0].To);
    }

    [Fact]
    public async Task Whoever_comes_back_in_time_keeps_it_with_all_that_was_theirs()
    {
        var token = await ApiServer.MakeTokenAsync(_bruno, "Models");
        await AskAsync(_bruno, Visitor.Password);
        using var again = await SignInAsync();
        var notice = (await again.GetAsync("/account", Cancelled)).QuerySelector(".shell__notice")!;

        await again.PostAsync(notice.QuerySelector("button")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));

        Assert.Null((await again.GetAsync("/account", Cancelled)).QuerySelector(".shell__notice"));
        Assert.Equal(HttpStatusCode.OK, await AskForModelsAsync(token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("lizards sleep in the rain")]
    public async Task Without_the_right_password_nothing_happens(string password)
    {
        await _bruno.GetAsync("/data", Cancelled);

        using var answer = await _bruno.TryPostAsync("/account/removal", Cancelled, ("Password", password));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await Reading.PageAsync(answer, Cancelled)).QuerySelector("#removal .field__error"));
        Assert.Null((await _bruno.GetAsync("/account", Cancelled)).QuerySelector(".shell__notice"));
    }

    [Fact]
    public async Task The_last_one_who_runs_the_server_cannot_go()
    {
        await _ana.GetAsync("/data", Cancelled);

        using var answer = await _ana.TryPostAsync("/account/removal", Cancelled, ("Password", Visitor.Password));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("nobody", (await Reading.PageAsync(answer, Cancelled)).QuerySelector("#removal [role=alert]")!.TextContent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Whoever_runs_the_server_has_somebodys_account_removed_or_keeps_it()
    {
        var person = (await _ana.GetAsync("/admin/people?q=bruno", Cancelled)).QuerySelector("a.row__name")!.GetAttribute("href")!;
        await _ana.GetAsync(person, Cancelled);

        var asked = await _ana.PostAsync($"{person}/removal", Cancelled);
        Assert.Contains("To be deleted", asked.QuerySelector(".badge--bad")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/sign-in?returnUrl=%2Faccount", (await _bruno.GetAsync("/account", Cancelled), _bruno.Path).Path);
        var kept = await _ana.PostAsync($"{person}/removal", Cancelled, ("_method", "DELETE"));

        Assert.Null(kept.QuerySelector(".badge--bad"));
        var acts = (await _ana.GetAsync("/admin/audit", Cancelled)).Body!.TextContent;
        Assert.Contains("Asked for an account to be deleted", acts, StringComparison.Ordinal);
        Assert.Contains("Kept an account that was to be deleted", acts, StringComparison.Ordinal);
    }

    private static async Task AskAsync(Visitor visitor, string password)
    {
        await visitor.GetAsync("/data", Cancelled);
        await visitor.PostAsync("/account/removal", Cancelled, ("Password", password));
    }

    private async Task<Visitor> SignInAsync()
    {
        var visitor = _app.VisitAsStranger();
        await visitor.GetAsync("/sign-in", Cancelled);
        await visitor.PostAsync("/sign-in", Cancelled, ("Email", "bruno@example.org"), ("Password", Visitor.Password));
        return visitor;
    }

    private async Task<HttpStatusCode> AskForModelsAsync(string token)
    {
        using var program = new HttpClient { BaseAddress = _app.Address, DefaultRequestHeaders = { { "Authorization", $"Bearer {token}" } } };
        using var answer = await program.GetAsync("/v1/models", Cancelled);
        return answer.StatusCode;
    }
}
