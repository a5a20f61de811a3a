using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Oidc;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Primitives;

namespace Calango.Core.Tests.Identity;

/// <summary>The whole way with a provider that the OpenID Foundation certified.</summary>
public sealed class CertifiedProviderTests : IAsyncLifetime
{
    private static readonly Guid ProviderId = Guid.CreateVersion7();
    private static readonly Uri Back = new("https://calango.example/sign-in/back");
    private static readonly Uri AfterLogout = new("https://calango.example/");

    private readonly List<string> _logouts = [];
    private LoopbackServer? _calango;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(CertifiedProvider.WhyNot is not null, CertifiedProvider.WhyNot ?? "");
        _calango = await LoopbackServer.StartAsync(async context =>
        {
            var form = await context.Request.ReadFormAsync();
            lock (_logouts)
            {
                _logouts.Add(form["logout_token"].ToString());
            }
        });
    }

    public ValueTask DisposeAsync() => _calango?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("RS256", "client_secret_basic")]
    [InlineData("PS384", "client_secret_post")]
    [InlineData("ES256", "client_secret_basic")]
    public async Task N06_somebody_logs_in_with_their_groups_and_out_again_on_both_sides(string algorithm, string authentication)
    {
        await using var provider = await CertifiedProvider.StartAsync(Back.AbsoluteUri, _calango!.Address + "/logout", AfterLogout.AbsoluteUri, algorithm, authentication);
        using var logins = NewLogins(provider);

        var begun = await BeginAsync(logins, LoginPurpose.SignIn);
        var login = await logins.FinishAsync(ProviderId, begun.Kept, await provider.GoAsync(begun.Address), CancellationToken.None);

        Assert.Equal(("ana", "ana@example.org", true, "ana"), (login.Identity.Subject, login.Identity.Email, login.Identity.EmailVerified, login.Identity.Name));
        Assert.Equal(["staff", "writers"], login.Identity.Groups);
        Assert.NotNull(login.Identity.SessionId);

        var leaving = await logins.EndSessionAsync(ProviderId, login.Identity.IdToken, AfterLogout, CancellationToken.None);
        await provider.GoAsync(leaving!);
        await Eventually.HoldsAsync("the provider has said so", () => Task.FromResult(Logouts().Count > 0), TestContext.Current.CancellationToken);
        var told = await logins.ReadLogoutAsync(ProviderId, Logouts()[0], CancellationToken.None);
        Assert.Equal((ProviderId, login.Identity.SessionId), (told.ProviderId, told.SessionId));
        Assert.Equal(LoginRefusal.LogoutReplayed, await LoginBench.RefusalOf(() => logins.ReadLogoutAsync(ProviderId, Logouts()[0], CancellationToken.None)));
    }

    [Fact]
    public async Task N06_what_is_replayed_injected_or_tampered_with_is_refused()
    {
        await using var provider = await CertifiedProvider.StartAsync(Back.AbsoluteUri, _calango!.Address + "/logout", AfterLogout.AbsoluteUri, "RS256", "client_secret_basic");
        using var logins = NewLogins(provider);
        var (mine, others) = (await BeginAsync(logins, LoginPurpose.SignIn), await BeginAsync(logins, LoginPurpose.SignIn));
        var (answer, othersAnswer) = (await provider.GoAsync(mine.Address), await provider.GoAsync(others.Address));

        Assert.Equal(LoginRefusal.StateUnknown, await RefusalAsync(logins, mine, new(answer) { ["state"] = "tampered" }));
        Assert.Equal(LoginRefusal.AnswerIssuerWrong, await RefusalAsync(logins, mine, new(answer) { ["iss"] = "https://evil.example" }));
        Assert.Equal(LoginRefusal.CodeRefused, await RefusalAsync(logins, mine, new(answer) { ["code"] = othersAnswer["code"] }));
        Assert.Null(await RefusalAsync(logins, mine, answer));
        Assert.Equal(LoginRefusal.CodeRefused, await RefusalAsync(logins, mine, answer));
    }

    [Fact]
    public async Task Whoever_confirms_who_they_are_is_asked_again_although_they_are_logged_in_there()
    {
        await using var provider = await CertifiedProvider.StartAsync(Back.AbsoluteUri, _calango!.Address + "/logout", AfterLogout.AbsoluteUri, "RS256", "client_secret_basic");
        using var logins = NewLogins(provider);
        var first = await BeginAsync(logins, LoginPurpose.SignIn);
        Assert.Null(await RefusalAsync(logins, first, await provider.GoAsync(first.Address)));

        var again = await BeginAsync(logins, LoginPurpose.Confirm);
        var login = await logins.FinishAsync(ProviderId, again.Kept, await provider.GoAsync(again.Address), CancellationToken.None);

        Assert.Equal(("ana", LoginPurpose.Confirm), (login.Identity.Subject, login.Purpose));
    }

    private List<string> Logouts()
    {
        lock (_logouts)
        {
            return [.. _logouts];
        }
    }

    private static Task<LoginRefusal?> RefusalAsync(Logins logins, BegunLogin begun, Dictionary<string, StringValues> answer) =>
        LoginBench.RefusalOf(() => logins.FinishAsync(ProviderId, begun.Kept, answer, CancellationToken.None));

    private static Task<BegunLogin> BeginAsync(Logins logins, LoginPurpose purpose) =>
        logins.BeginAsync(ProviderId, new LoginWish(purpose, null, Back, "/"), CancellationToken.None);

    private static Logins NewLogins(CertifiedProvider provider)
    {
        var client = new LoginClient(ProviderId, Guid.CreateVersion7())
        {
            Kind = LoginProviderKind.OpenIdConnect,
            AllowsPlainLoopback = true,
            Issuer = provider.Issuer,
            ClientId = CertifiedProvider.ClientId,
            Secret = CertifiedProvider.ClientSecret,
            Scopes = ["email", "profile", "groups"],
            GroupClaim = "groups",
        };
        return new Logins((_, _) => Task.FromResult<LoginClient?>(client), new EphemeralDataProtectionProvider(), TimeProvider.System);
    }
}
