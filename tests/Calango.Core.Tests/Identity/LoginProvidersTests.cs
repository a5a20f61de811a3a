using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Identity;

/// <summary>The providers that administrators enter.</summary>
public sealed class LoginProvidersTests
{
    private static readonly LoginProviderInput Good = new("Keycloak", "https://idp.example/realms/a", "calango")
    {
        Secret = "a-secret",
        Scopes = "email profile",
        GroupClaim = "groups",
        Rules = [new LoginRule("staff", Role.MemberId)],
        Domains = ["example.org"],
        TrustsEmail = true,
        IsOn = true,
    };

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_provider_is_kept_with_its_secret_encrypted_and_its_rules(DatabaseKind kind)
    {
        await using var kernel = await TestKernel.StartAsync(kind);
        var providers = kernel.Get<LoginProviders>();
        var id = Guid.CreateVersion7();

        await providers.AddAsync(id, LoginProviderKind.OpenIdConnect, Good, TestEnd);

        var provider = Assert.Single(await providers.ListOnAsync(TestEnd));
        Assert.Equal((id, "Keycloak", "https://idp.example/realms/a", "calango", "email profile", "groups", true, true), (
            provider.Id, provider.Name, provider.Issuer, provider.ClientId, provider.Scopes, provider.GroupClaim, provider.HasSecret, provider.TrustsEmail));
        Assert.Equal(Good.Rules, provider.Rules);
        Assert.Equal(Good.Domains, provider.Domains);
        var row = await kernel.Get<Database>().ReadAsync(db => db.Set<LoginProvider>().SingleAsync(TestEnd), TestEnd);
        Assert.DoesNotContain("a-secret", row.ProtectedSecret!, StringComparison.Ordinal);
        Assert.Equal("a-secret", (await providers.FindClientAsync(id, TestEnd))!.Secret);
        await Assert.ThrowsAsync<RejectedException>(() => providers.AddAsync(id, LoginProviderKind.GitHub, Good, TestEnd));
    }

    [EachDatabase]
    public async Task A_change_keeps_the_secret_for_the_same_issuer_only_and_a_removed_one_is_gone(DatabaseKind kind)
    {
        await using var kernel = await TestKernel.StartAsync(kind);
        var providers = kernel.Get<LoginProviders>();
        var id = Guid.CreateVersion7();
        await providers.AddAsync(id, LoginProviderKind.OpenIdConnect, Good, TestEnd);
        var before = (await providers.FindAsync(id, TestEnd)).Version;

        await providers.UpdateAsync(id, Good with { Secret = null, IsOn = false, Name = "Our own" }, TestEnd);
        var client = await providers.FindClientAsync(id, TestEnd);
        Assert.Equal(("a-secret", false), (client!.Secret, client.IsOn));
        Assert.NotEqual(before, client.Version);
        Assert.Empty(await providers.ListOnAsync(TestEnd));

        await providers.UpdateAsync(id, Good with { Secret = null, Issuer = "https://evil.example" }, TestEnd);
        Assert.Null((await providers.FindClientAsync(id, TestEnd))!.Secret);

        await providers.RemoveAsync(id, TestEnd);
        await providers.RemoveAsync(id, TestEnd);
        await Assert.ThrowsAsync<NotFoundException>(() => providers.FindAsync(id, TestEnd));
        await Assert.ThrowsAsync<NotFoundException>(() => providers.UpdateAsync(id, Good, TestEnd));
        await Assert.ThrowsAsync<NotFoundException>(() => providers.SwitchAsync(id, isOn: true, TestEnd));
    }

    [Theory]
    [InlineData("https://idp.example/realms/a", false, true)]
    [InlineData("http://idp.example", true, false)]
    [InlineData("http://127.0.0.1:8080", false, false)]
    [InlineData("http://127.0.0.1:8080", true, true)]
    [InlineData("http://localhost:8080", true, true)]
    [InlineData("http://localhost.evil.example", true, false)]
    [InlineData("https://idp.example/?x", false, false)]
    [InlineData("https://ana@idp.example", false, false)]
    [InlineData("idp.example", false, false)]
    public void An_issuer_is_an_address_with_tls_or_on_this_machine_where_that_was_allowed(string text, bool allowsPlainLoopback, bool expected) =>
        Assert.Equal(expected, LoginProvider.IsIssuer(text, allowsPlainLoopback));
}
