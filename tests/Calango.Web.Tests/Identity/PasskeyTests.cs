using System.Net;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Identity;

/// <summary>Passkeys, with a device that does as it is told.</summary>
public sealed class PasskeyTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private Visitor _ana = null!;
    private Authenticator _device = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Origin => _app.Address.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        _ana = _app.Visit();
        _device = new Authenticator { Origin = Origin };
    }

    public ValueTask DisposeAsync()
    {
        _ana?.Dispose();
        _device?.Dispose();
        return _app?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_passkey_opens_the_account_without_a_name_and_leads_to_the_page_that_was_wanted()
    {
        await AddAsync();
        using var phone = _app.VisitAsStranger();
        var (options, _) = await AskAsync(phone);

        await phone.PostAsync("/sign-in/passkey", Cancelled, ("Answer", _device.Answer(options)), ("returnUrl", "/search?q=lizard"));

        Assert.Equal("/search?q=lizard", phone.Path);
        Assert.NotNull(phone.Session);
        var acts = (await phone.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit")!.TextContent;
        Assert.Contains("Added a passkey", acts, StringComparison.Ordinal);
        Assert.Contains("Signed in with a passkey", acts, StringComparison.Ordinal);
        var row = (await phone.GetAsync("/account/passkeys", Cancelled)).QuerySelector("#passkeys li")!.TextContent;
        Assert.Contains("Telephone", row, StringComparison.Ordinal);
        Assert.Contains("Last used", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_was_given_to_another_site_opens_nothing()
    {
        await AddAsync();
        _device.Origin = "https://evil.example";

        await AssertRefusedAsync(options => _device.Answer(options));
    }

    [Fact]
    public async Task An_answer_that_is_sent_again_opens_nothing_also_where_the_passkey_does_not_count()
    {
        _device.IsCounting = false;
        await AddAsync();
        using var phone = _app.VisitAsStranger();
        var (options, kept) = await AskAsync(phone);
        var answer = _device.Answer(options);
        await phone.PostAsync("/sign-in/passkey", Cancelled, ("Answer", answer));
        Assert.NotNull(phone.Session);

        using var eve = _app.VisitAsStranger();
        await eve.GetAsync("/sign-in", Cancelled);
        eve.Http.DefaultRequestHeaders.Add("Cookie", kept);
        using var again = await eve.TryPostAsync("/sign-in/passkey", Cancelled, ("Answer", answer));

        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        Assert.Null(eve.Session);
    }

    [Fact]
    public async Task An_answer_to_another_question_opens_nothing()
    {
        await AddAsync();
        using var phone = _app.VisitAsStranger();
        var (first, _) = await AskAsync(phone);

        await AssertRefusedAsync(_ => _device.Answer(first));
    }

    [Fact]
    public async Task A_passkey_that_the_server_does_not_know_opens_nobodys_account()
    {
        await AddAsync();
        using var foreign = new Authenticator { Origin = Origin, User = _device.User };

        await AssertRefusedAsync(foreign.Answer);
    }

    [Fact]
    public async Task A_passkey_opens_the_account_of_nobody_but_its_owner()
    {
        await AddAsync();
        _device.User = "MDE5MzAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAw";

        await AssertRefusedAsync(_device.Answer);
    }

    [Fact]
    public async Task A_passkey_whose_counter_goes_back_has_been_copied_and_opens_nothing()
    {
        await AddAsync();
        using var phone = _app.VisitAsStranger();
        await phone.PostAsync("/sign-in/passkey", Cancelled, ("Answer", _device.Answer((await AskAsync(phone)).Options)));
        Assert.NotNull(phone.Session);
        _device.Count = 0;

        await AssertRefusedAsync(_device.Answer);
    }

    [Fact]
    public async Task A_device_that_has_not_asked_its_owner_opens_nothing()
    {
        await AddAsync();
        _device.IsVerified = false;

        await AssertRefusedAsync(_device.Answer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"id\":1}")]
    public async Task What_is_no_answer_opens_nothing(string answer)
    {
        await AddAsync();

        await AssertRefusedAsync(_ => answer);
    }

    [Fact]
    public async Task A_passkey_that_was_removed_opens_nothing_and_all_other_sessions_end()
    {
        await AddAsync();
        using var phone = _app.VisitAsStranger();
        await phone.PostAsync("/sign-in/passkey", Cancelled, ("Answer", _device.Answer((await AskAsync(phone)).Options)));
        var address = (await _ana.GetAsync("/account/passkeys", Cancelled)).QuerySelector("#passkeys a")!.GetAttribute("href")!;
        await _ana.PostAsync(address, Cancelled, ("Name", "Old telephone"));
        Assert.Contains("Old telephone", (await _ana.GetAsync("/account/passkeys", Cancelled)).QuerySelector("#passkeys")!.TextContent, StringComparison.Ordinal);

        await _ana.PostAsync(address, Cancelled, ("_method", "DELETE"));

        await phone.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", phone.Path, StringComparison.Ordinal);
        await AssertRefusedAsync(_device.Answer);
        using var gone = await _ana.TryPostAsync(address, Cancelled, ("_method", "DELETE"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Whoever_runs_the_server_takes_somebodys_passkeys_away_and_is_written_down()
    {
        using var bruno = _app.VisitAsStranger();
        await _ana.GetAsync("/admin/people", Cancelled);
        await bruno.AcceptAsync(await _ana.InviteAsync("bruno@example.org", cancellationToken: Cancelled), cancellationToken: Cancelled);
        await AddAsync(bruno);
        var person = (await _ana.GetAsync("/admin/people?q=bruno", Cancelled)).QuerySelector("a.row__name")!.GetAttribute("href")!;
        var shown = await _ana.GetAsync(person, Cancelled);
        Assert.Equal("Signs in with 1 passkey, too.", shown.QuerySelector("#person-passkeys")!.TextContent);
        Assert.NotNull(shown.QuerySelector($"[formaction='{person}/passkeys']"));

        await _ana.PostAsync($"{person}/passkeys", Cancelled, ("_method", "DELETE"));

        Assert.Null((await _ana.GetAsync(person, Cancelled)).QuerySelector("#person-passkeys"));
        Assert.StartsWith("/sign-in", (await bruno.GetAsync("/account", Cancelled), bruno.Path).Path, StringComparison.Ordinal);
        await AssertRefusedAsync(_device.Answer);
        Assert.Contains("Took passkeys away", (await _ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit")!.TextContent, StringComparison.Ordinal);
        using var again = await _ana.TryPostAsync($"{person}/passkeys", Cancelled, ("_method", "DELETE"));
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task Whoever_asks_for_questions_too_often_is_told_when_to_come_back_and_may_still_answer_one()
    {
        await AddAsync();
        using var phone = _app.VisitAsStranger();
        var (options, _) = await AskAsync(phone);
        using var eve = _app.VisitAsStranger();
        HttpResponseMessage? last = null;
        for (var question = 0; question < 30 && last?.StatusCode != HttpStatusCode.TooManyRequests; question++)
        {
            last?.Dispose();
            last = await eve.Http.GetAsync("/sign-in/passkey", Cancelled);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last!.StatusCode);
        Assert.NotNull(last.Headers.RetryAfter);
        last.Dispose();
        await phone.PostAsync("/sign-in/passkey", Cancelled, ("Answer", _device.Answer(options)));
        Assert.NotNull(phone.Session);
    }

    [Fact]
    public async Task A_new_passkey_needs_the_password_and_is_added_once_for_the_page_that_asked()
    {
        await _ana.GetAsync("/account/passkeys", Cancelled);
        using (var refused = await _ana.TryPostAsync("/account/passkeys", Cancelled, ("Name", "Telephone"), ("Password", "not the password")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Null((await Reading.PageAsync(refused, Cancelled)).QuerySelector("form[data-passkey]"));
        }

        var options = OptionsOf(await BeginAsync());
        _device.Origin = "https://evil.example";
        using var foreign = await _ana.TryPostAsync("/account/passkeys", Cancelled, ("_method", "PUT"), ("Answer", _device.Make(options)));
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
        _device.Origin = Origin;
        using var late = await _ana.TryPostAsync("/account/passkeys", Cancelled, ("_method", "PUT"), ("Answer", _device.Make(options)));
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        await AddAsync();
        var twice = OptionsOf(await BeginAsync());
        using var again = await _ana.TryPostAsync("/account/passkeys", Cancelled, ("_method", "PUT"), ("Answer", _device.Make(twice)));

        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        Assert.Single((await _ana.GetAsync("/account/passkeys", Cancelled)).QuerySelectorAll("#passkeys li"));
    }

    private static string OptionsOf(IHtmlDocument page) => page.QuerySelector("form[data-passkey]")!.GetAttribute("data-passkey")!;

    private static async Task<(string Options, string Kept)> AskAsync(Visitor visitor)
    {
        await visitor.GetAsync("/sign-in", Cancelled);
        using var asked = await visitor.Http.GetAsync("/sign-in/passkey", Cancelled);
        return (await asked.Content.ReadAsStringAsync(Cancelled), asked.Headers.GetValues("Set-Cookie").Single(cookie => cookie.Contains("passkey", StringComparison.Ordinal)).Split(';')[0]);
    }

    private async Task AssertRefusedAsync(Func<string, string> answer)
    {
        using var eve = _app.VisitAsStranger();
        var (options, _) = await AskAsync(eve);
        using var refused = await eve.TryPostAsync("/sign-in/passkey", Cancelled, ("Answer", answer(options)));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.StartsWith("That passkey does not open an account here.", (await Reading.PageAsync(refused, Cancelled)).QuerySelector("[role=alert]")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Null(eve.Session);
    }

    private async Task<IHtmlDocument> BeginAsync(Visitor? visitor = null)
    {
        await (visitor ?? _ana).GetAsync("/account/passkeys", Cancelled);
        return await (visitor ?? _ana).PostAsync("/account/passkeys", Cancelled, ("Name", "Telephone"), ("Password", Visitor.Password));
    }

    private async Task AddAsync(Visitor? visitor = null)
    {
        var options = OptionsOf(await BeginAsync(visitor));
        await (visitor ?? _ana).PostAsync("/account/passkeys", Cancelled, ("_method", "PUT"), ("Answer", _device.Make(options)));
        Assert.Single((await (visitor ?? _ana).GetAsync("/account/passkeys", Cancelled)).QuerySelectorAll("#passkeys li"));
    }
}
