using System.Text.Json.Nodes;
using Calango.Core.Identity;
using Calango.Tests.Support.Oidc;
using static Calango.Core.Identity.LoginRefusal;

namespace Calango.Core.Tests.Identity;

/// <summary>A provider that says that somebody logged out.</summary>
public sealed class LogoutTokenTests
{
    private static readonly Dictionary<string, (LoginRefusal Reason, Func<ScriptedProvider, string> Make)> Faults = new()
    {
        ["no event"] = (LogoutEventMissing, provider => provider.LogoutToken(claims => claims.Remove("events"))),
        ["another event"] = (LogoutEventMissing, provider => provider.LogoutToken(claims => claims["events"] = new JsonObject { ["https://example.org/event"] = new JsonObject() })),
        ["an event that is no object"] = (LogoutEventMissing, provider => provider.LogoutToken(claims => claims["events"]!["http://schemas.openid.net/event/backchannel-logout"] = true)),
        ["events in a list"] = (LogoutEventMissing, provider => provider.LogoutToken(claims => claims["events"] = new JsonArray("http://schemas.openid.net/event/backchannel-logout"))),
        ["a nonce"] = (LogoutHasNonce, provider => provider.LogoutToken(claims => claims["nonce"] = "x")),
        ["nobody"] = (LogoutNamesNobody, provider => provider.LogoutToken(claims => { claims.Remove("sub"); claims.Remove("sid"); })),
        ["an empty session"] = (ClaimMalformed, provider => provider.LogoutToken(claims => claims["sid"] = "")),
        ["no id"] = (LogoutIdMissing, provider => provider.LogoutToken(claims => claims.Remove("jti"))),
        ["another issuer"] = (IssuerWrong, provider => provider.LogoutToken(claims => claims["iss"] = "https://evil.example")),
        ["another audience"] = (AudienceWrong, provider => provider.LogoutToken(claims => claims["aud"] = "somebody")),
        ["long past"] = (Expired, provider => provider.LogoutToken(claims => claims["exp"] = claims["iat"]!.GetValue<long>() - 90)),
        ["issued long ago"] = (IssuedTooLongAgo, provider => provider.LogoutToken(claims => claims["iat"] = claims["iat"]!.GetValue<long>() - 900)),
        ["no time"] = (IssuedAtMissing, provider => provider.LogoutToken(claims => claims.Remove("iat"))),
        ["no end"] = (ExpiryMissing, provider => provider.LogoutToken(claims => claims.Remove("exp"))),
        ["not signed"] = (AlgorithmNone, provider => provider.LogoutToken(null, header => header["alg"] = "none")),
        ["signed with a secret"] = (AlgorithmSymmetric, provider => provider.LogoutToken(null, header => header["alg"] = "HS256")),
        ["a token for an API"] = (TypeWrong, provider => provider.LogoutToken(null, header => header["typ"] = "at+jwt")),
        ["an unknown key"] = (KeyUnknown, provider => provider.LogoutToken(null, header => header["kid"] = "another")),
        ["no token"] = (TokenMalformed, _ => ""),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Fact]
    public async Task A_provider_logs_out_a_person_or_a_session_once_with_each_token()
    {
        await using var bench = await LoginBench.StartAsync();
        var both = bench.Provider.LogoutToken();

        Assert.Equal(new ExternalLogout(LoginBench.ProviderId, "ana-1", "session-1"), await ReadAsync(bench, both));
        Assert.Equal("session-1", (await ReadAsync(bench, bench.Provider.LogoutToken(claims => claims.Remove("sub")))).SessionId);
        Assert.Equal("ana-1", (await ReadAsync(bench, bench.Provider.LogoutToken(claims => claims.Remove("sid"), header => header.Remove("typ")))).Subject);
        Assert.Equal(LogoutReplayed, await LoginBench.RefusalOf(() => ReadAsync(bench, both)));
        // As long as it is remembered, and after that it is too old.
        bench.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(LogoutReplayed, await LoginBench.RefusalOf(() => ReadAsync(bench, both)));
        bench.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(Expired, await LoginBench.RefusalOf(() => ReadAsync(bench, both)));
    }

    [Fact]
    public async Task A_token_that_never_ends_cannot_be_used_again_when_it_is_forgotten()
    {
        await using var bench = await LoginBench.StartAsync();
        var token = bench.Provider.LogoutToken(claims => claims["exp"] = claims["iat"]!.GetValue<long>() + 1_000_000);
        await ReadAsync(bench, token);
        bench.Clock.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal(IssuedTooLongAgo, await LoginBench.RefusalOf(() => ReadAsync(bench, token)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task N06_a_logout_token_that_is_wrong_logs_nobody_out(string fault)
    {
        await using var bench = await LoginBench.StartAsync();
        var (reason, make) = Faults[fault];

        Assert.Equal(reason, await LoginBench.RefusalOf(() => ReadAsync(bench, make(bench.Provider))));
    }

    [Fact]
    public async Task N06_an_id_token_logs_nobody_out_and_a_logout_token_logs_nobody_in()
    {
        await using var bench = await LoginBench.StartAsync();
        var login = await bench.LogInAsync();

        Assert.Equal(LogoutEventMissing, await LoginBench.RefusalOf(() => ReadAsync(bench, login.Identity.IdToken!)));
        bench.Provider.IdToken.Token = _ => bench.Provider.LogoutToken(null, header => header.Remove("typ"));
        Assert.Equal(NonceMissing, await LoginBench.RefusalOf(() => bench.LogInAsync()));
    }

    private static Task<ExternalLogout> ReadAsync(LoginBench bench, string token) => bench.Logins.ReadLogoutAsync(LoginBench.ProviderId, token, CancellationToken.None);
}
