using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Oidc;

namespace Calango.Core.Tests.Identity;

/// <summary>What is known of a provider over time: its keys change, and it is not always there.</summary>
public sealed class ProviderKeysTests
{
    private const string Description = "/.well-known/openid-configuration";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    [Fact]
    public async Task Ten_logins_read_the_keys_once()
    {
        await using var bench = await LoginBench.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => bench.LogInAsync()));

        Assert.Equal((1, 1), (bench.Provider.CountOf(Description), bench.Provider.CountOf("/keys")));
    }

    [Fact]
    public async Task A_new_key_is_found_when_a_token_names_it_and_the_old_one_is_forgotten()
    {
        await using var bench = await LoginBench.StartAsync();
        await bench.LogInAsync();
        bench.Provider.Keys[0] = bench.Provider.IdToken.Key = ProviderKey.OtherRsa;

        Assert.Equal(LoginRefusal.KeyUnknown, await LoginBench.RefusalOf(() => bench.LogInAsync()));
        bench.Clock.Advance(Pause);
        Assert.Equal("ana-1", (await bench.LogInAsync()).Identity.Subject);
        Assert.Equal(2, bench.Provider.CountOf("/keys"));

        bench.Provider.IdToken.Key = ProviderKey.Rsa;
        Assert.Equal(LoginRefusal.KeyUnknown, await LoginBench.RefusalOf(() => bench.LogInAsync()));
    }

    [Fact]
    public async Task A_flood_of_unknown_keys_reads_the_list_once_each_half_minute()
    {
        await using var bench = await LoginBench.StartAsync();
        await bench.LogInAsync();
        bench.Provider.IdToken.Header = header => header["kid"] = Guid.CreateVersion7().ToString();

        for (var round = 1; round <= 3; round++)
        {
            bench.Clock.Advance(Pause);
            var refusals = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => LoginBench.RefusalOf(() => bench.LogInAsync())));

            Assert.All(refusals, refusal => Assert.Equal(LoginRefusal.KeyUnknown, refusal));
            Assert.Equal(1 + round, bench.Provider.CountOf("/keys"));
        }

        bench.Provider.IdToken.Header = null;
        Assert.Equal("ana-1", (await bench.LogInAsync()).Identity.Subject);
    }

    [Fact]
    public async Task A_flood_doesnt_forget_the_good_keys_while_the_provider_has_none()
    {
        await using var bench = await LoginBench.StartAsync();
        await bench.LogInAsync();
        bench.Provider.Instead["/keys"] = context => { context.Response.StatusCode = 503; return Task.CompletedTask; };
        bench.Provider.IdToken.Header = header => header["kid"] = "another";
        bench.Clock.Advance(Pause);

        Assert.Equal(LoginRefusal.KeyUnknown, await LoginBench.RefusalOf(() => bench.LogInAsync()));
        bench.Provider.IdToken.Header = null;
        Assert.Equal("ana-1", (await bench.LogInAsync()).Identity.Subject);
    }

    [Fact]
    public async Task R30_the_last_good_keys_serve_for_a_day_while_the_provider_cannot_be_read_and_it_is_not_pressed()
    {
        await using var bench = await LoginBench.StartAsync();
        await bench.LogInAsync();
        bench.Provider.Instead[Description] = context => { context.Response.StatusCode = 503; return Task.CompletedTask; };

        bench.Clock.Advance(Fresh);
        await bench.LogInAsync();
        await bench.LogInAsync();
        Assert.Equal(2, bench.Provider.CountOf(Description));

        bench.Clock.Advance(24 * Fresh);
        Assert.Equal(LoginRefusal.StatusUnexpected, await LoginBench.RefusalOf(() => bench.LogInAsync()));
        bench.Provider.Instead.Clear();
        Assert.Equal("ana-1", (await bench.LogInAsync()).Identity.Subject);
    }

    [Fact]
    public async Task A_provider_that_answers_too_late_is_given_up()
    {
        await using var bench = await LoginBench.StartAsync();
        var late = new TaskCompletionSource();
        bench.Provider.Before[Description] = () => late.Task;

        var refusal = LoginBench.RefusalOf(() => bench.BeginAsync());
        await Eventually.HoldsAsync("it was asked", () => Task.FromResult(bench.Provider.CountOf(Description) == 1), TestContext.Current.CancellationToken);
        bench.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(LoginRefusal.TimedOut, await refusal);
        late.SetResult();
    }

    [Fact]
    public async Task Whoever_leaves_while_the_provider_is_read_doesnt_end_it_for_the_others()
    {
        await using var bench = await LoginBench.StartAsync();
        var answer = new TaskCompletionSource();
        bench.Provider.Before[Description] = () => answer.Task;
        using var leaving = new CancellationTokenSource();
        var wish = new LoginWish(LoginPurpose.SignIn, null, new Uri("https://calango.example/"), "/");

        var first = bench.Logins.BeginAsync(LoginBench.ProviderId, wish, leaving.Token);
        await Eventually.HoldsAsync("it was asked", () => Task.FromResult(bench.Provider.CountOf(Description) == 1), TestContext.Current.CancellationToken);
        var second = bench.BeginAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult();

        Assert.NotNull((await second).Address);
        Assert.Equal(1, bench.Provider.CountOf(Description));
    }

    [Theory]
    [InlineData("http://idp.example")]
    [InlineData("ftp://idp.example")]
    [InlineData("https://idp.example?x=1")]
    [InlineData("https://idp.example#x")]
    [InlineData("https://ana@idp.example")]
    [InlineData("idp.example")]
    [InlineData("")]
    public async Task An_issuer_is_an_address_over_tls(string issuer)
    {
        await using var bench = await LoginBench.StartAsync();
        bench.Client = bench.Client! with { Issuer = issuer };

        Assert.Equal(LoginRefusal.AddressNotSecure, await LoginBench.RefusalOf(() => bench.BeginAsync()));
    }

    [Fact]
    public async Task A_provider_on_this_machine_needs_tls_too_unless_that_was_allowed()
    {
        await using var bench = await LoginBench.StartAsync();
        bench.DemandTls();

        Assert.Equal(LoginRefusal.AddressNotSecure, await LoginBench.RefusalOf(() => bench.BeginAsync()));
    }
}
