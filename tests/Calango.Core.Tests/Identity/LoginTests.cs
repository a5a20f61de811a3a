using System.Text.Json.Nodes;
using Calango.Core.Identity;
using Calango.Tests.Support.Oidc;
using Microsoft.AspNetCore.WebUtilities;

namespace Calango.Core.Tests.Identity;

/// <summary>Logins with a provider that keeps the protocol.</summary>
public sealed class LoginTests
{
    public static TheoryData<string> Algorithms => ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    [Fact]
    public async Task Somebody_comes_back_as_whom_the_provider_names()
    {
        await using var bench = await LoginBench.StartAsync();

        var login = await bench.LogInAsync();

        Assert.Equal(new ExternalIdentity(LoginBench.ProviderId, bench.Provider.Issuer, "ana-1") with
        {
            Email = "ana@example.org",
            EmailVerified = true,
            Name = "Ana",
            SessionId = "session-1",
            IdToken = login.Identity.IdToken,
            Claims = login.Identity.Claims,
            Groups = login.Identity.Groups,
        }, login.Identity);
        Assert.Equal(["writers", "engineering"], login.Identity.Groups);
        Assert.Equal((LoginPurpose.SignIn, "/chats"), (login.Purpose, login.ReturnTo));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Each_way_to_sign_that_is_known_is_accepted(string algorithm)
    {
        await using var bench = await LoginBench.StartAsync();
        bench.Provider.Keys.AddRange([ProviderKey.P256, ProviderKey.P384, ProviderKey.P521]);
        bench.Provider.IdToken.Algorithm = algorithm;
        bench.Provider.IdToken.Key = algorithm switch { "ES256" => ProviderKey.P256, "ES384" => ProviderKey.P384, "ES512" => ProviderKey.P521, _ => ProviderKey.Rsa };

        Assert.Equal("ana-1", (await bench.LogInAsync()).Identity.Subject);
    }

    [Fact]
    public async Task The_browser_takes_along_what_binds_the_login_to_it_and_nothing_that_gives_it_away()
    {
        await using var bench = await LoginBench.StartAsync();
        bench.Provider.Metadata = own => own["authorization_endpoint"] = bench.Provider.Issuer + "/authorize?tenant=a%26b";

        var begun = await bench.BeginAsync();

        var query = QueryHelpers.ParseQuery(begun.Address.Query);
        Assert.Equal(("a&b", "code", "S256", "openid email profile"), (query["tenant"].ToString(), query["response_type"].ToString(), query["code_challenge_method"].ToString(), query["scope"].ToString()));
        Assert.Equal(43, query["code_challenge"].ToString().Length);
        Assert.Equal(begun.Name, Logins.NameOf(query["state"]));
        Assert.All(new[] { query["state"], query["nonce"] }, secret => Assert.DoesNotContain(secret.ToString(), begun.Kept, StringComparison.Ordinal));
        Assert.NotEqual(query["state"], QueryHelpers.ParseQuery((await bench.BeginAsync()).Address.Query)["state"]);
    }

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task The_secret_goes_the_way_that_the_provider_takes_it(string method)
    {
        await using var bench = await LoginBench.StartAsync();
        bench.Provider.Metadata = own => own["token_endpoint_auth_methods_supported"] = new JsonArray(method);

        Assert.Equal("ana-1", (await bench.LogInAsync()).Identity.Subject);
    }

    [Fact]
    public async Task A_login_is_finished_by_the_browser_that_began_it_with_what_the_provider_gave_it()
    {
        await using var bench = await LoginBench.StartAsync();
        var (mine, others) = (await bench.BeginAsync(), await bench.BeginAsync());
        var (answer, othersAnswer) = (await bench.GoAsync(mine), await bench.GoAsync(others));

        // A link that somebody else made, in a browser that began nothing or another login.
        Assert.Equal(LoginRefusal.StateUnknown, await LoginBench.RefusalOf(() => bench.FinishAsync(mine with { Kept = "" }, answer)));
        Assert.Equal(LoginRefusal.StateUnknown, await LoginBench.RefusalOf(() => bench.FinishAsync(mine, othersAnswer)));
        Assert.Equal(LoginRefusal.StateUnknown, await LoginBench.RefusalOf(() => bench.FinishAsync(mine with { Kept = mine.Kept[..^4] + "AAAA" }, answer)));
        // A code that was caught elsewhere, put into one's own login: the verifier is another.
        Assert.Equal(LoginRefusal.CodeRefused, await LoginBench.RefusalOf(() => bench.FinishAsync(mine, new(answer) { ["code"] = othersAnswer["code"] })));
        Assert.Equal(LoginRefusal.AnswerAmbiguous, await LoginBench.RefusalOf(() => bench.FinishAsync(mine, new(answer) { ["code"] = new[] { "a", "b" } })));
        Assert.Equal("ana-1", (await bench.FinishAsync(mine, answer)).Identity.Subject);
        // The same answer again.
        Assert.Equal(LoginRefusal.CodeRefused, await LoginBench.RefusalOf(() => bench.FinishAsync(mine, answer)));
    }

    [Fact]
    public async Task A_login_that_takes_too_long_has_to_be_begun_anew()
    {
        await using var bench = await LoginBench.StartAsync();
        var begun = await bench.BeginAsync();
        bench.Clock.Advance(Logins.Lifetime);

        Assert.Equal(LoginRefusal.StateExpired, await LoginBench.RefusalOf(async () => await bench.FinishAsync(begun, await bench.GoAsync(begun))));
    }

    [Fact]
    public async Task A_provider_that_is_turned_off_or_changed_lets_nobody_in_not_even_who_is_on_the_way()
    {
        await using var bench = await LoginBench.StartAsync();
        var client = bench.Client!;
        var begun = await bench.BeginAsync();
        var answer = await bench.GoAsync(begun);

        bench.Client = null;
        Assert.Equal(LoginRefusal.ProviderOff, await LoginBench.RefusalOf(() => bench.FinishAsync(begun, answer)));
        Assert.Equal(LoginRefusal.ProviderOff, await LoginBench.RefusalOf(() => bench.BeginAsync()));
        bench.Client = client with { Version = Guid.CreateVersion7() };
        Assert.Equal(LoginRefusal.ProviderChanged, await LoginBench.RefusalOf(() => bench.FinishAsync(begun, answer)));
        bench.Client = client;
        bench.Provider.Before["/userinfo"] = () => { bench.Client = null; return Task.CompletedTask; };
        Assert.Equal(LoginRefusal.ProviderOff, await LoginBench.RefusalOf(() => bench.FinishAsync(begun, answer)));
    }

    [Fact]
    public async Task Whoever_confirms_who_they_are_has_to_have_logged_in_just_now()
    {
        await using var bench = await LoginBench.StartAsync();

        var begun = await bench.BeginAsync(LoginPurpose.Confirm);
        Assert.Contains("prompt=login&max_age=0", begun.Address.Query, StringComparison.Ordinal);
        Assert.Equal(LoginPurpose.Confirm, (await bench.FinishAsync(begun, await bench.GoAsync(begun))).Purpose);

        bench.Provider.IdToken.Claims = claims => claims["auth_time"] = claims["iat"]!.GetValue<long>() - 3600;
        Assert.Equal(LoginRefusal.LoginTooOld, await LoginBench.RefusalOf(() => bench.LogInAsync(LoginPurpose.Confirm)));
        bench.Provider.IdToken.Claims = claims => claims.Remove("auth_time");
        Assert.Equal(LoginRefusal.LoginTooOld, await LoginBench.RefusalOf(() => bench.LogInAsync(LoginPurpose.Confirm)));
        Assert.Equal("ana-1", (await bench.LogInAsync()).Identity.Subject);
    }

    [Fact]
    public async Task N07_an_address_is_verified_only_where_the_provider_says_so_of_that_very_address()
    {
        await using var bench = await LoginBench.StartAsync();
        bench.Provider.IdToken.Claims = claims => claims["email"] = "victim@example.org";
        Assert.Equal(("victim@example.org", false), await EmailAsync(bench));

        bench.Provider.IdToken.Claims = claims => claims["email"] = "ana@example.org";
        Assert.Equal(("ana@example.org", true), await EmailAsync(bench));

        bench.Provider.IdToken.Claims = claims => (claims["email"], claims["email_verified"]) = ("ana@example.org", false);
        Assert.Equal(("ana@example.org", false), await EmailAsync(bench));

        bench.Provider.IdToken.Claims = claims => claims["email_verified"] = true;
        bench.Provider.UserInfo!.Remove("email_verified");
        Assert.Equal(("ana@example.org", false), await EmailAsync(bench));
    }

    [Theory]
    [InlineData("/chats?x=1#y", "/chats?x=1#y")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("/\t/evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("", "/")]
    public async Task After_a_login_somebody_comes_to_a_page_of_this_server(string wanted, string got)
    {
        await using var bench = await LoginBench.StartAsync();
        var begun = await bench.BeginAsync(returnTo: wanted);

        Assert.Equal(got, (await bench.FinishAsync(begun, await bench.GoAsync(begun))).ReturnTo);
    }

    [Fact]
    public async Task Somebody_is_logged_out_at_the_provider_too_where_it_can_do_that()
    {
        await using var bench = await LoginBench.StartAsync();

        var address = await bench.Logins.EndSessionAsync(LoginBench.ProviderId, "the-token", new Uri("https://calango.example/"), CancellationToken.None);

        Assert.Equal($"{bench.Provider.Issuer}/end?client_id=calango&post_logout_redirect_uri=https%3A%2F%2Fcalango.example%2F&id_token_hint=the-token", address?.AbsoluteUri);
    }

    private static async Task<(string?, bool)> EmailAsync(LoginBench bench)
    {
        var identity = (await bench.LogInAsync()).Identity;
        return (identity.Email, identity.EmailVerified);
    }
}
