using Calango.Core.Identity;
using Calango.Tests.Support;
using Calango.Tests.Support.Oidc;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Calango.Core.Tests.Identity;

/// <summary>Logins with one provider that a test scripts, and the browser that goes to and fro.</summary>
internal sealed class LoginBench : IAsyncDisposable
{
    public static readonly Guid ProviderId = new("01900000-0000-7000-8000-00000000000a");

    private static readonly Uri Back = new("https://calango.example/sign-in/back");

    private readonly HttpClient _browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private LoginBench(ScriptedProvider provider, ManualTime clock)
    {
        (Provider, Clock) = (provider, clock);
        Client = new LoginClient(ProviderId, Guid.CreateVersion7())
        {
            Kind = LoginProviderKind.OpenIdConnect,
            Issuer = provider.Issuer,
            ClientId = ScriptedProvider.ClientId,
            Secret = ScriptedProvider.ClientSecret,
            Scopes = ["openid", "email", "profile"],
            GroupClaim = "groups",
            AllowsPlainLoopback = true,
        };
        Logins = new Logins((id, _) => Task.FromResult(id == ProviderId ? Client : null), new EphemeralDataProtectionProvider(), clock);
    }

    public ScriptedProvider Provider { get; }

    public ManualTime Clock { get; }

    /// <summary>The provider, as an administrator entered it; null: turned off.</summary>
    public LoginClient? Client { get; set; }

    public Logins Logins { get; }

    public static async Task<LoginBench> StartAsync()
    {
        var clock = new ManualTime();
        return new LoginBench(await ScriptedProvider.StartAsync(clock), clock);
    }

    /// <summary>What a server is that speaks to providers over TLS only.</summary>
    public void DemandTls() => Client = Client! with { Version = Guid.CreateVersion7(), AllowsPlainLoopback = false };

    public Task<BegunLogin> BeginAsync(LoginPurpose purpose = LoginPurpose.SignIn, string returnTo = "/chats") =>
        Logins.BeginAsync(ProviderId, new LoginWish(purpose, AccountId: null, Back, returnTo), CancellationToken.None);

    /// <summary>Goes to the provider and comes back with what it gave.</summary>
    public async Task<Dictionary<string, StringValues>> GoAsync(BegunLogin begun)
    {
        using var response = await _browser.GetAsync(begun.Address);
        Assert.StartsWith(Back.AbsoluteUri, response.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(response.Headers.Location.Query);
    }

    public Task<FinishedLogin> FinishAsync(BegunLogin begun, Dictionary<string, StringValues> query) =>
        Logins.FinishAsync(ProviderId, begun.Kept, query, CancellationToken.None);

    public async Task<FinishedLogin> LogInAsync(LoginPurpose purpose = LoginPurpose.SignIn)
    {
        var begun = await BeginAsync(purpose);
        return await FinishAsync(begun, await GoAsync(begun));
    }

    /// <summary>Why something is refused; null: it isn't.</summary>
    public static async Task<LoginRefusal?> RefusalOf(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (LoginRefusedException refused)
        {
            return refused.Reason;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        Logins.Dispose();
        await Provider.DisposeAsync();
    }
}
