using System.Net;
using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Identity;

/// <summary>Whoever must have a second step has one before they have anything else.</summary>
public sealed class SecondStepDemandTests : IAsyncLifetime
{
    private const string SetUp = "/account/second-step";
    private TestApp _app = null!;
    private Visitor _ana = null!;
    private Visitor _bruno = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _app = await TestApp.StartAsync(DatabaseKind.Postgres);
        _ana = _app.Visit();
        _bruno = _app.VisitAsStranger();
        await _ana.GetAsync("/admin/people", Cancelled);
        await _bruno.AcceptAsync(await _ana.InviteAsync("bruno@example.org", cancellationToken: Cancelled), cancellationToken: Cancelled);
    }

    public ValueTask DisposeAsync()
    {
        _bruno?.Dispose();
        _ana?.Dispose();
        return _app?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Whoever_must_have_a_second_step_and_has_none_sets_it_up_before_anything_else()
    {
        await _bruno.PostAsync("/messages", Cancelled, ("Text", "A secret of Bruno"), ("Model", _app.Model.ToString()));
        var token = await ApiServer.MakeTokenAsync(_bruno, "ReadChats");
        Assert.Equal((HttpStatusCode.OK, null), await MeAsync(token));
        await DemandAsync("Everybody");

        foreach (var path in new[] { "/", "/account", "/data", "/search?q=secret", "/conversations", "/admin/people" })
        {
            var page = await _bruno.GetAsync(path, Cancelled);
            Assert.Equal(SetUp, _bruno.Path);
            Assert.NotNull(page.QuerySelector("#second-step-demanded"));
            Assert.DoesNotContain("A secret of Bruno", page.Body!.TextContent, StringComparison.Ordinal);
        }

        using (var refused = await _bruno.TryPostAsync("/messages", Cancelled, ("Text", "Hello"), ("Model", _app.Model.ToString())))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        using (var export = await _bruno.Http.GetAsync("/data/export", Cancelled))
        {
            Assert.Equal(HttpStatusCode.Forbidden, export.StatusCode);
        }

        Assert.Equal((HttpStatusCode.Forbidden, "secondStep.demanded"), await MeAsync(token));
        await SetUpAsync(_bruno);
        await _bruno.GetAsync("/account", Cancelled);
        Assert.Equal("/account", _bruno.Path);
        Assert.Equal((HttpStatusCode.OK, null), await MeAsync(token));
        await SetUpAsync(_ana);
        Assert.Contains("Changed who must have a second step", (await _ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_cannot_set_one_up_now_can_sign_out()
    {
        await DemandAsync("Everybody");
        var button = (await _bruno.GetAsync("/", Cancelled)).QuerySelector("#second-step-demanded button")!;

        await _bruno.PostAsync(button.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));

        Assert.StartsWith("/sign-in", _bruno.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_is_demanded_of_those_who_run_the_server_others_go_on()
    {
        await DemandAsync("Administrators");

        await _bruno.GetAsync("/account", Cancelled);
        Assert.Equal("/account", _bruno.Path);
        await _ana.GetAsync("/account", Cancelled);
        Assert.Equal(SetUp, _ana.Path);
        await SetUpAsync(_ana);
        await DemandAsync("Nobody");
    }

    [Fact]
    public async Task Where_one_is_demanded_a_password_alone_does_not_open_the_account_of_whoever_has_a_passkey()
    {
        using var device = new Authenticator { Origin = _app.Address.GetLeftPart(UriPartial.Authority) };
        await DemandAsync("Everybody");
        await _bruno.GetAsync("/account/passkeys", Cancelled);
        Assert.Equal("/account/passkeys", _bruno.Path);
        var options = OptionsOf(await _bruno.PostAsync("/account/passkeys", Cancelled, ("Name", "Telephone"), ("Password", Visitor.Password)));
        await _bruno.PostAsync("/account/passkeys", Cancelled, ("_method", "PUT"), ("Answer", device.Make(options)));
        await _bruno.GetAsync("/account", Cancelled);
        Assert.Equal("/account", _bruno.Path);

        using var phone = _app.VisitAsStranger();
        await phone.GetAsync("/sign-in", Cancelled);
        using var refused = await phone.TryPostAsync("/sign-in", Cancelled, ("Email", "bruno@example.org"), ("Password", Visitor.Password));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.StartsWith("Your password alone does not open your account", (await Reading.PageAsync(refused, Cancelled)).QuerySelector("[role=alert]")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Null(phone.Session);
        using var asked = await phone.Http.GetAsync("/sign-in/passkey", Cancelled);
        await phone.PostAsync("/sign-in/passkey", Cancelled, ("Answer", device.Answer(await asked.Content.ReadAsStringAsync(Cancelled))));
        Assert.NotNull(phone.Session);
    }

    private async Task DemandAsync(string who)
    {
        await _ana.GetAsync("/admin/people/second-step", Cancelled);
        // From the next request on it holds for Ana, too.
        using var answer = await _ana.TryPostAsync("/admin/people/second-step", Cancelled, ("_method", "PUT"), ("Who", who));
    }

    private static async Task SetUpAsync(Visitor visitor)
    {
        await visitor.GetAsync(SetUp, Cancelled);
        var page = await visitor.PostAsync(SetUp, Cancelled, ("Password", Visitor.Password));
        var (key, kept) = (page.QuerySelector("#second-step-key")!.TextContent, page.QuerySelector("input[name=Kept]")!.GetAttribute("value")!);
        var done = await visitor.PostAsync(SetUp, Cancelled, ("_method", "PUT"), ("Kept", kept), ("Code", new Device(key).Code()));
        Assert.NotNull(done.QuerySelector("#recovery-codes"));
        Assert.Null(done.QuerySelector("#second-step-demanded"));
    }

    private static string OptionsOf(AngleSharp.Html.Dom.IHtmlDocument page) => page.QuerySelector("form[data-passkey]")!.GetAttribute("data-passkey")!;

    private async Task<(HttpStatusCode Status, string? Code)> MeAsync(string token)
    {
        using var program = new HttpClient { BaseAddress = _app.Address, DefaultRequestHeaders = { { "Authorization", $"Bearer {token}" } } };
        using var answer = await program.GetAsync("/api/me", Cancelled);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        return (answer.StatusCode, body.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null);
    }
}
