using System.Net;
using System.Text;
using Calango.Core.Network;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Tests.Plugins;

/// <summary>Security rows S01 to S07: addresses that a model or a stranger gave lead to the public web and nowhere else.</summary>
public sealed class PublicWebTests
{
    private static readonly WebLimits Limits = new(64 * 1024, TimeSpan.FromSeconds(20));

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public static TheoryData<string> Tricks { get; } =
    [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://0/", "http://0.0.0.0/",
        "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://localhost/", "http://localhost./", "http://[::1]/", "http://[::]/",
        "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::7f00:1]/", "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/", "http://[fe80::1]/", "http://[fec0::1]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/",
        "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://[::ffff:a9fe:a9fe]/", "http://10.0.0.1/", "http://172.16.0.1/",
        "http://192.168.1.1/", "http://100.64.0.1/", "http://192.0.0.192/", "http://198.18.0.1/", "http://224.0.0.1/", "http://255.255.255.255/",
        "http://user@8.8.8.8/", "http://good.example@127.0.0.1/", "http://8.8.8.8:22/", "https://8.8.8.8:8443/", "file:///etc/passwd", "ftp://8.8.8.8/", "gopher://127.0.0.1:6379/_x",
    ];

    [Theory]
    [MemberData(nameof(Tricks))]
    public async Task S01_No_spelling_of_an_address_leads_into_a_network_of_ones_own(string address)
    {
        using var web = new PublicWeb(new WebOptions());

        var failure = await FailureAsync(web, new Uri(address));

        Assert.Contains(failure.Kind, new[] { ProviderErrorKind.Forbidden, ProviderErrorKind.HostNotFound });
        Assert.Null(failure.StatusCode);
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void Addresses_of_the_public_web_are_no_tricks(string address) => Assert.True(PublicAddresses.Contain(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//10.0.0.1/")]
    public async Task S02_A_redirect_is_checked_like_the_first_address(string target)
    {
        await using var site = await Site.StartAsync(context => context.Response.Headers.Location = target, 302);
        using var web = site.Allowed();

        Assert.Equal(ProviderErrorKind.Forbidden, (await FailureAsync(web, site.Address)).Kind);
        Assert.Equal(1, site.Requests);
    }

    [Fact]
    public async Task Redirects_have_an_end()
    {
        await using var site = await Site.StartAsync(context => context.Response.Headers.Location = "/again", 302);
        using var web = site.Allowed();

        Assert.Equal(ProviderErrorKind.UnexpectedFormat, (await FailureAsync(web, site.Address)).Kind);
        Assert.Equal(6, site.Requests);
    }

    [Fact]
    public async Task S04_A_name_that_resolves_to_another_address_the_second_time_is_blocked_where_it_connects()
    {
        var asked = 0;
        using var web = new PublicWeb(new WebOptions(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(asked++ == 0 ? "192.168.0.1" : "127.0.0.1")]));

        Assert.Equal(ProviderErrorKind.Forbidden, (await FailureAsync(web, new Uri("http://rebinding.example/"))).Kind);
        Assert.Equal(ProviderErrorKind.Forbidden, (await FailureAsync(web, new Uri("http://rebinding.example/"))).Kind);
    }

    [Fact]
    public async Task S04_One_bad_address_among_good_ones_is_enough()
    {
        using var web = new PublicWeb(new WebOptions(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.216.34"), IPAddress.Loopback]));

        Assert.Equal(ProviderErrorKind.Forbidden, (await FailureAsync(web, new Uri("http://mixed.example/"))).Kind);
    }

    [Theory]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("evil.example")]
    public async Task S05_An_allowed_host_is_that_host_and_port_and_no_other(string host)
    {
        await using var site = await Site.StartAsync(_ => { }, 200);
        using var web = new PublicWeb(new WebOptions { AllowedHosts = [site.Address.Authority] }, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        Assert.Equal(ProviderErrorKind.Forbidden, (await FailureAsync(web, new Uri($"http://{host}:{site.Address.Port}/"))).Kind);
        Assert.Equal(ProviderErrorKind.Forbidden, (await FailureAsync(web, new Uri($"http://127.0.0.1:{site.Address.Port ^ 1}/"))).Kind);
        Assert.Equal("", Encoding.UTF8.GetString((await web.ReadAsync(site.Address, Limits, TestEnd)).Body));
    }

    [Fact]
    public async Task S07_A_body_without_an_end_is_cut_by_its_size()
    {
        await using var site = await Site.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[16 * 1024]);
            }
        });
        using var web = site.Allowed();

        Assert.Equal(ProviderErrorKind.StreamTooLarge, (await FailureAsync(web, site.Address)).Kind);
    }

    [Fact]
    public async Task S07_A_body_that_trickles_is_cut_by_the_time_for_all_of_it()
    {
        await using var site = await Site.StartAsync(async context =>
        {
            await context.Response.WriteAsync("a");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var web = site.Allowed();

        var failure = await Assert.ThrowsAsync<ProviderException>(() => web.ReadAsync(site.Address, Limits with { Time = TimeSpan.FromSeconds(1) }, TestEnd));

        Assert.Equal(ProviderErrorKind.TimedOut, failure.Kind);
    }

    [Fact]
    public async Task S07_Headers_that_fill_the_memory_are_not_read()
    {
        await using var site = await Site.StartAsync(context => context.Response.Headers["X-Long"] = new string('x', 100_000), 200);
        using var web = site.Allowed();

        Assert.Contains((await FailureAsync(web, site.Address)).Kind, new[] { ProviderErrorKind.StreamTooLarge, ProviderErrorKind.ConnectionLost });
    }

    [Fact]
    public async Task A_stop_is_a_stop()
    {
        var arrived = new TaskCompletionSource();
        await using var site = await Site.StartAsync(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var web = site.Allowed();
        using var stop = new CancellationTokenSource();
        var reading = web.ReadAsync(site.Address, Limits, stop.Token);
        await arrived.Task.WaitAsync(TestEnd);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static Task<ProviderException> FailureAsync(PublicWeb web, Uri address) => Assert.ThrowsAsync<ProviderException>(() => web.ReadAsync(address, Limits, TestEnd));

    private sealed class Site(WebApplication server) : IAsyncDisposable
    {
        private int _requests;

        public Uri Address => new(server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First() + "/");

        public int Requests => _requests;

        public static Task<Site> StartAsync(Action<HttpContext> answer, int status) => StartAsync(context =>
        {
            context.Response.StatusCode = status;
            answer(context);
            return Task.CompletedTask;
        });

        public static async Task<Site> StartAsync(RequestDelegate answer)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var server = builder.Build();
            var site = new Site(server);
            server.Run(context =>
            {
                Interlocked.Increment(ref site._requests);
                return answer(context);
            });
            await server.StartAsync(TestEnd);
            return site;
        }

        public PublicWeb Allowed() => new(new WebOptions { AllowedHosts = [Address.Authority] });

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
