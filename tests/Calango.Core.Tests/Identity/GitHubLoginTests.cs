using Calango.Core.Identity;
using Calango.Tests.Support;
using Calango.Tests.Support.Oidc;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Calango.Core.Tests.Identity;

/// <summary>Logins with GitHub.</summary>
public sealed class GitHubLoginTests
{
    private const string Emails = "/api/v3/user/emails";

    private static readonly Guid ProviderId = Guid.CreateVersion7();

    [Fact]
    public async Task Somebody_is_who_the_number_says_with_the_address_that_was_verified()
    {
        await using var gitHub = await ScriptedGitHub.StartAsync();

        var identity = await LogInAsync(gitHub);

        Assert.Equal(("4711", gitHub.Address, "Ana", "ana@example.org", true), (identity.Subject, identity.Issuer, identity.Name, identity.Email, identity.EmailVerified));
        Assert.Equal("read:user user:email", gitHub.Scopes);
        Assert.Empty(identity.Groups);
    }

    [Fact]
    public async Task Organisations_are_groups_where_they_are_asked_for()
    {
        await using var gitHub = await ScriptedGitHub.StartAsync();

        Assert.Equal(["calango-org", "lizards"], (await LogInAsync(gitHub, "read:org")).Groups);
    }

    [Theory]
    [InlineData("""[{"email":"ana@example.org","primary":true,"verified":false}]""")]
    [InlineData("""[{"email":"ana@example.org","primary":false,"verified":true}]""")]
    [InlineData("[]")]
    [InlineData("""[5,{"email":5,"primary":true,"verified":true}]""")]
    public async Task N07_an_address_that_is_not_both_the_first_and_verified_is_none(string emails)
    {
        await using var gitHub = await ScriptedGitHub.StartAsync();
        gitHub.Answers[Emails] = emails;

        var identity = await LogInAsync(gitHub);

        Assert.Equal((null, false), (identity.Email, identity.EmailVerified));
    }

    [Theory]
    [InlineData("/api/v3/user", """{"login":"ana","id":"4711"}""", LoginRefusal.SubjectMissing)]
    [InlineData("/api/v3/user", """{"login":"ana"}""", LoginRefusal.SubjectMissing)]
    [InlineData("/api/v3/user", """{"id":4711,"id":1}""", LoginRefusal.JsonDuplicate)]
    [InlineData("/api/v3/user", "[]", LoginRefusal.JsonMalformed)]
    [InlineData(Emails, "{}", LoginRefusal.JsonMalformed)]
    public async Task N06_an_api_that_answers_otherwise_lets_nobody_in(string path, string answer, LoginRefusal reason)
    {
        await using var gitHub = await ScriptedGitHub.StartAsync();
        gitHub.Answers[path] = answer;

        Assert.Equal(reason, await LoginBench.RefusalOf(() => LogInAsync(gitHub)));
    }

    [Fact]
    public async Task N06_a_code_is_good_once_and_for_the_browser_that_began_the_login()
    {
        await using var gitHub = await ScriptedGitHub.StartAsync();
        using var logins = NewLogins(gitHub);

        var (begun, others) = (await BeginAsync(logins), await BeginAsync(logins));
        var (answer, othersAnswer) = (await GoAsync(begun), await GoAsync(others));

        Assert.Equal(LoginRefusal.CodeRefused, await LoginBench.RefusalOf(() =>
            logins.FinishAsync(ProviderId, begun.Kept, new Dictionary<string, StringValues>(answer) { ["code"] = othersAnswer["code"] }, CancellationToken.None)));
        Assert.Equal("4711", (await logins.FinishAsync(ProviderId, begun.Kept, answer, CancellationToken.None)).Identity.Subject);
        Assert.Equal(LoginRefusal.CodeRefused, await LoginBench.RefusalOf(() => logins.FinishAsync(ProviderId, begun.Kept, answer, CancellationToken.None)));
    }

    [Fact]
    public async Task It_cannot_say_when_somebody_logged_in_nor_that_they_logged_out()
    {
        await using var gitHub = await ScriptedGitHub.StartAsync();
        using var logins = NewLogins(gitHub);

        Assert.Equal(LoginRefusal.NotSupported, await LoginBench.RefusalOf(() => BeginAsync(logins, LoginPurpose.Confirm)));
        Assert.Equal(LoginRefusal.NotSupported, await LoginBench.RefusalOf(() => logins.ReadLogoutAsync(ProviderId, "token", CancellationToken.None)));
        Assert.Null(await logins.EndSessionAsync(ProviderId, null, new Uri("https://calango.example/"), CancellationToken.None));
    }

    private static async Task<ExternalIdentity> LogInAsync(ScriptedGitHub gitHub, params string[] scopes)
    {
        using var logins = NewLogins(gitHub, scopes);
        var begun = await BeginAsync(logins);
        return (await logins.FinishAsync(ProviderId, begun.Kept, await GoAsync(begun), CancellationToken.None)).Identity;
    }

    private static Task<BegunLogin> BeginAsync(Logins logins, LoginPurpose purpose = LoginPurpose.SignIn) =>
        logins.BeginAsync(ProviderId, new LoginWish(purpose, null, new Uri("https://calango.example/back"), "/"), CancellationToken.None);

    private static async Task<Dictionary<string, StringValues>> GoAsync(BegunLogin begun)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var response = await browser.GetAsync(begun.Address);
        return QueryHelpers.ParseQuery(response.Headers.Location!.Query);
    }

    private static Logins NewLogins(ScriptedGitHub gitHub, params string[] scopes)
    {
        var client = new LoginClient(ProviderId, Guid.CreateVersion7())
        {
            Kind = LoginProviderKind.GitHub, AllowsPlainLoopback = true, Issuer = gitHub.Address, ClientId = ScriptedGitHub.ClientId, Secret = ScriptedGitHub.ClientSecret, Scopes = scopes,
        };
        return new Logins((_, _) => Task.FromResult<LoginClient?>(client), new EphemeralDataProtectionProvider(), new ManualTime());
    }
}
