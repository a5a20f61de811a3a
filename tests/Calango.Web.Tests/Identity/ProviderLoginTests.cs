using System.Net;
using System.Security.Cryptography;
using System.Text;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Oidc;
using Calango.Tests.Support.Upstream;
using Microsoft.AspNetCore.WebUtilities;

namespace Calango.Web.Tests.Identity;

/// <summary>People who come in with a provider's login, and go.</summary>
public sealed class ProviderLoginTests : IAsyncLifetime
{
    private LoginSite _site = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _site = await LoginSite.StartAsync();

    public ValueTask DisposeAsync() => _site?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task N06_somebody_comes_in_with_one_provider_of_several_and_only_in_the_browser_that_began()
    {
        await using var theirs = await ScriptedProvider.StartAsync(TimeProvider.System);
        var (id, other) = (await _site.AddAsync(("MakesAccounts", "true")), await _site.AddAsync(theirs, ("Name", "Theirs")));
        _site.Be("bruno-1", "bruno@example.org", name: "Bruno");
        using var bruno = NewBrowser();
        using var stranger = NewBrowser();

        var (cookie, back) = await GoAsync(bruno, $"/sign-in/{id}?returnUrl=/search%3Fq=lizard");
        Assert.Matches("^calango\\.login\\.0\\.[0-9a-f]{16}=[^;]+; max-age=900; path=/; samesite=lax; httponly$", cookie);
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(stranger, back));
        using var copy = NewBrowser(cookie);
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(copy, new Uri(back.AbsoluteUri.Replace(id, other, StringComparison.Ordinal))));

        using var entered = await bruno.GetAsync(back, Cancelled);
        Assert.Equal((HttpStatusCode.Redirect, "/search?q=lizard"), (entered.StatusCode, entered.Headers.Location!.OriginalString));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(bruno, back));
        using var account = await bruno.GetAsync(new Uri(_site.App.Address, "/account"), Cancelled);
        var text = LoginSite.Words((await Reading.PageAsync(account, Cancelled)).QuerySelector("main")!.TextContent);
        Assert.Contains("Bruno E-mailbruno@example.org RoleMember", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Change the password", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task N06_nobody_is_sent_to_another_site_after_a_login(string returnUrl)
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        using var bruno = NewBrowser();
        var (_, back) = await GoAsync(bruno, $"/sign-in/{id}?returnUrl={Uri.EscapeDataString(returnUrl)}");
        _site.Be("bruno-1");

        using var entered = await bruno.GetAsync(back, Cancelled);

        Assert.Equal("/", entered.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task N06_a_provider_that_is_turned_off_lets_nobody_in_from_then_on_not_even_who_is_on_the_way()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        using var bruno = NewBrowser();
        var (_, back) = await GoAsync(bruno, $"/sign-in/{id}");
        using var stranger = _site.App.VisitAsStranger();
        Assert.NotNull((await stranger.GetAsync("/sign-in", Cancelled)).QuerySelector($"#providers a[href^='/sign-in/{id}']"));

        await _site.Ana.PostAsync($"/admin/providers/{id}/service", Cancelled, ("_method", "DELETE"));

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(bruno, back));
        Assert.Equal((HttpStatusCode.Forbidden, "Nobody comes in this way at the moment."), await _site.TryAsync(id));
        Assert.StartsWith("A provider’s login was refused Ours: ProviderOff Nobody signed in", await _site.NewestActAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.TryAsync(Guid.CreateVersion7().ToString())).Status);
        Assert.Null((await stranger.GetAsync("/sign-in", Cancelled)).QuerySelector("#providers"));
        await _site.Ana.PostAsync($"/admin/providers/{id}/service", Cancelled);
        _site.Be("bruno-1");
        using var _ = await _site.EnterAsync(id);
    }

    [Fact]
    public async Task Two_tabs_do_not_end_each_others_login_and_many_do_not_lock_a_browser_out()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        _site.Be("bruno-1");
        var cookies = new CookieContainer();
        using var browser = NewBrowser(cookies);

        var (first, second) = ((await GoAsync(browser, $"/sign-in/{id}")).Back, (await GoAsync(browser, $"/sign-in/{id}")).Back);
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(browser, second));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(browser, first));

        using var again = NewBrowser(cookies = new CookieContainer());
        for (var times = 0; times < 8; times++)
        {
            await GoAsync(again, $"/sign-in/{id}");
        }

        Assert.InRange(cookies.GetCookies(_site.App.Address).Count, 1, 4);
    }

    [Fact]
    public async Task N09_signing_in_with_a_provider_takes_a_new_session_and_ends_the_one_that_was_planted()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        _site.Be("bruno-1");
        using var bruno = await _site.EnterAsync(id);
        var before = bruno.Session!;
        using var eve = new Visitor(_site.App.Address, before);

        await bruno.PostAsync($"/account/sessions/{await SessionIdAsync(bruno)}", Cancelled, ("_method", "DELETE"));
        await bruno.GetAsync($"/sign-in/{id}", Cancelled);

        Assert.NotEqual(before, bruno.Session);
        await eve.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", eve.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task N06_who_logs_out_at_the_provider_is_out_here_too_and_so_are_their_streams()
    {
        _site.App.Upstream.Enqueue(new UpstreamReply { Text = "Lizards sleep.", HoldAfter = 1 });
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        _site.Be("carla-1");
        using var carla = await _site.EnterAsync(id);
        _site.Be("bruno-1");
        using var bruno = await _site.EnterAsync(id);
        var chat = await bruno.PostAsync("/messages", Cancelled, ("Text", "Where?"), ("Model", _site.App.Model.ToString()));
        using var response = await bruno.Http.GetAsync(chat.QuerySelector("[sse-connect]")!.GetAttribute("sse-connect"), HttpCompletionOption.ResponseHeadersRead, Cancelled);
        var reading = response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(Cancelled);

        var token = _site.Provider.LogoutToken(claims => (claims["sub"], claims["sid"]) = ("bruno-1", "session of bruno-1"));
        Assert.Equal(HttpStatusCode.OK, await LogOutAsync(id, token));

        await reading.WaitAsync(TimeSpan.FromSeconds(5), Cancelled);
        await bruno.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", bruno.Path, StringComparison.Ordinal);
        Assert.StartsWith("carla-1", await LoginSite.AccountOf(carla), StringComparison.Ordinal);
        Assert.StartsWith("A provider ended sessions Ours", await _site.NewestActAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, await LogOutAsync(id, token));
    }

    [Fact]
    public async Task N06_a_logout_that_is_not_the_providers_ends_nothing()
    {
        await using var theirs = await ScriptedProvider.StartAsync(TimeProvider.System);
        var (id, other) = (await _site.AddAsync(("MakesAccounts", "true")), await _site.AddAsync(theirs, ("Name", "Theirs")));
        _site.Be("ana-1");
        using var bruno = await _site.EnterAsync(id);
        var token = _site.Provider.LogoutToken(claims => claims["sid"] = "session of ana-1");

        Assert.Equal(HttpStatusCode.BadRequest, await LogOutAsync(id, token[..^8] + "AAAAAAAA"));
        Assert.Equal(HttpStatusCode.BadRequest, await LogOutAsync(id, theirs.LogoutToken(claims => claims["sid"] = "session of ana-1")));
        Assert.Equal(HttpStatusCode.OK, await LogOutAsync(other, theirs.LogoutToken(claims => claims["sid"] = "session of ana-1")));
        Assert.Equal(HttpStatusCode.OK, await LogOutAsync(id, _site.Provider.LogoutToken(claims => claims["sid"] = "another")));
        Assert.Equal(HttpStatusCode.BadRequest, await LogOutAsync(id, ""));
        Assert.Equal(HttpStatusCode.BadRequest, await LogOutAsync(id, new string('a', 200_000)));
        using var json = new StringContent("{}", Encoding.UTF8, "application/json");
        using var client = NewBrowser();
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync(new Uri(_site.App.Address, $"/sign-in/{id}/logout"), json, Cancelled)).StatusCode);

        Assert.StartsWith("ana-1", await LoginSite.AccountOf(bruno), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AlgorithmNone")]
    [InlineData("AlgorithmSymmetric")]
    [InlineData("SignatureWrong")]
    [InlineData("IssuerWrong")]
    [InlineData("AudienceWrong")]
    [InlineData("NonceWrong")]
    [InlineData("Expired")]
    [InlineData("UserInfoSubjectWrong")]
    [InlineData("IssuerMismatch")]
    [InlineData("JsonDuplicate")]
    [InlineData("Cancelled")]
    public async Task N06_what_a_provider_does_wrong_lets_nobody_in_and_is_written_down_without_what_it_sent(string rule)
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        var provider = _site.Provider;
        _site.Be("bruno-1");
        _ = rule switch
        {
            "AlgorithmNone" => (provider.IdToken.Header, provider.IdToken.Signature) = (header => header["alg"] = "none", _ => []),
            "AlgorithmSymmetric" => (provider.IdToken.Header, provider.IdToken.Signature) = (header => header["alg"] = "HS256", data => HMACSHA256.HashData(Encoding.UTF8.GetBytes(ScriptedProvider.ClientSecret), data)),
            "SignatureWrong" => (provider.IdToken.Key, provider.IdToken.Header) = (ProviderKey.OtherRsa, header => header["kid"] = ProviderKey.Rsa.Id),
            "JsonDuplicate" => (object)(provider.IdToken.ClaimsText = text => text.Insert(1, "\"sub\":\"ana-1\",")),
            "UserInfoSubjectWrong" => provider.UserInfo!["sub"] = "ana-1",
            "IssuerMismatch" => provider.Metadata = own => own["issuer"] = "https://evil.example",
            "Cancelled" => provider.Reply = reply => (reply["code"], reply["error"]) = (null, "access_denied"),
            _ => provider.IdToken.Claims += claims => claims[rule switch { "IssuerWrong" => "iss", "AudienceWrong" => "aud", "NonceWrong" => "nonce", _ => "exp" }] = rule == "Expired" ? 1 : "another",
        };
        using var visitor = _site.App.VisitAsStranger();

        var (status, text) = await _site.TryAsync(id, visitor);

        Assert.Equal(rule == "Cancelled" ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden, status);
        Assert.StartsWith(rule == "Cancelled" ? "You did not agree at Ours" : "What Ours answered is not in order", text, StringComparison.Ordinal);
        Assert.Null(visitor.Session);
        Assert.StartsWith($"A provider’s login was refused Ours: {rule} Nobody signed in", await _site.NewestActAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_comes_in_with_GitHub_by_their_number_and_what_their_organisations_are_here()
    {
        await using var gitHub = await ScriptedGitHub.StartAsync();
        var form = (await _site.Ana.GetAsync("/admin/providers/new/GitHub", Cancelled)).QuerySelector("#provider-form")!.GetAttribute("action")!;
        await _site.Ana.PostAsync(
            form, Cancelled, ("Name", "GitHub"), ("Issuer", gitHub.Address), ("ClientId", ScriptedGitHub.ClientId), ("Secret", ScriptedGitHub.ClientSecret), ("Scopes", "read:org"),
            ("MakesAccounts", "true"), ("AllowsPlainLoopback", "true"), ("IsOn", "true"), ($"Groups[{LoginSite.Admin}]", "lizards"));
        gitHub.Answers["/api/v3/user/emails"] = """[{"email":"bruno@example.org","primary":true,"verified":true}]""";
        gitHub.Answers["/api/v3/user"] = """{"login":"bruno","id":4711,"name":"Bruno","email":"ana@example.org"}""";
        var id = form[(form.LastIndexOf('/') + 1)..];

        using var bruno = await _site.EnterAsync(id);
        Assert.StartsWith("Bruno E-mailbruno@example.org RoleRuns the server", await LoginSite.AccountOf(bruno), StringComparison.Ordinal);

        gitHub.Answers["/api/v3/user"] = """{"login":"renamed","id":4711}""";
        gitHub.Answers["/api/v3/user/orgs"] = "[]";
        using var again = await _site.EnterAsync(id);
        Assert.StartsWith("Bruno E-mailbruno@example.org RoleMember", await LoginSite.AccountOf(again), StringComparison.Ordinal);

        gitHub.Answers["/api/v3/user"] = """{"login":"bruno","id":4712}""";
        Assert.Equal(HttpStatusCode.Conflict, (await _site.TryAsync(id)).Status);
    }

    [Fact]
    public async Task R30_while_a_provider_is_away_whoever_comes_with_it_is_told_so_and_all_others_come_in()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        await _site.Provider.DisposeAsync();

        var (status, text) = await _site.TryAsync(id);
        using var ana = _site.App.VisitAsStranger();
        await ana.GetAsync("/sign-in", Cancelled);
        await ana.PostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", Visitor.Password));

        Assert.InRange((int)status, 500, 599);
        Assert.NotEmpty(text);
        Assert.NotNull(ana.Session);
    }

    [Fact]
    public async Task Who_signs_out_is_sent_to_the_provider_to_be_logged_out_there_too_unless_it_is_away()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        _site.Be("bruno-1");
        using var bruno = await _site.EnterAsync(id);

        var page = await bruno.PostAsync($"/account/sessions/{await SessionIdAsync(bruno)}", Cancelled, ("_method", "DELETE"));

        var query = QueryHelpers.ParseQuery(new Uri(page.QuerySelector("#onward")!.GetAttribute("href")!).Query);
        Assert.Equal((ScriptedProvider.ClientId, new Uri(_site.App.Address, "/sign-in").AbsoluteUri), (query["client_id"].ToString(), query["post_logout_redirect_uri"].ToString()));
        Assert.Equal(3, query["id_token_hint"].ToString().Split('.').Length);
        Assert.Null(bruno.Session);

        using var away = await _site.EnterAsync(id);
        var session = await SessionIdAsync(away);
        await _site.Ana.PostAsync($"/admin/providers/{id}/service", Cancelled, ("_method", "DELETE"));
        await away.PostAsync($"/account/sessions/{session}", Cancelled, ("_method", "DELETE"));
        Assert.Equal("/sign-in", away.Path);
    }

    [Fact]
    public async Task Z20_headers_that_name_somebody_let_nobody_in()
    {
        using var client = NewBrowser();
        foreach (var header in (string[])["X-Forwarded-User", "Remote-User", "X-Remote-User", "X-Auth-Request-Email", "X-Forwarded-Email", "X-WEBAUTH-USER"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_site.App.Address, "/account")) { Headers = { { header, "ana@example.org" } } };
            using var response = await client.SendAsync(request, Cancelled);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task Who_begins_again_and_again_is_told_to_wait()
    {
        var id = await _site.AddAsync();
        using var eve = NewBrowser();
        var answers = new List<HttpStatusCode>();
        for (var times = 0; times < 25; times++)
        {
            answers.Add(await StatusAsync(eve, new Uri(_site.App.Address, $"/sign-in/{id}")));
        }

        Assert.Equal(HttpStatusCode.Redirect, answers[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }

    private async Task<HttpStatusCode> LogOutAsync(string id, string token)
    {
        using var client = NewBrowser();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
        using var response = await client.PostAsync(new Uri(_site.App.Address, $"/sign-in/{id}/logout"), form, Cancelled);
        return response.StatusCode;
    }

    private static async Task<string> SessionIdAsync(Visitor visitor) =>
        (await visitor.GetAsync("/account", Cancelled)).QuerySelector("#sessions li")!.Id!["session-".Length..];

    private static async Task<HttpStatusCode> StatusAsync(HttpClient browser, Uri address)
    {
        using var response = await browser.GetAsync(address, Cancelled);
        return response.StatusCode;
    }

    private static HttpClient NewBrowser(CookieContainer? cookies = null) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies ?? new CookieContainer() });

    private HttpClient NewBrowser(string cookie)
    {
        var cookies = new CookieContainer();
        cookies.SetCookies(_site.App.Address, cookie);
        return NewBrowser(cookies);
    }

    /// <summary>Begins, goes to the provider, and has the cookie and the address to which that sends the browser back.</summary>
    private async Task<(string Cookie, Uri Back)> GoAsync(HttpClient browser, string begin)
    {
        using var start = await browser.GetAsync(new Uri(_site.App.Address, begin), Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, start.StatusCode);
        using var provider = await browser.GetAsync(start.Headers.Location, Cancelled);
        return (start.Headers.GetValues("Set-Cookie").Last(), provider.Headers.Location!);
    }
}
