using System.Net;
using Calango.Core.Identity;
using Calango.Tests.Support.Oidc;
using Microsoft.AspNetCore.Http;

namespace Calango.Core.Tests.Identity;

/// <summary>Where a provider may send us.</summary>
public sealed class ProviderHttpTests
{
    private static readonly IPAddress OnTheInternet = IPAddress.Parse("93.184.216.34");

    [Fact]
    public async Task A_provider_on_the_internet_doesnt_lead_into_this_network()
    {
        await using var inside = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}"));
        var port = new Uri(inside.Address).Port;
        using var http = NewHttp("https://idp.example", OnTheInternet);

        Assert.Equal(LoginRefusal.AddressForbidden, await RefusalAsync(http, $"http://inside.example:{port}/"));
        Assert.Equal(LoginRefusal.AddressForbidden, await RefusalAsync(http, inside.Address));
    }

    [Fact]
    public async Task One_in_this_network_leads_to_others_in_it()
    {
        await using var inside = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}"));
        using var http = NewHttp("https://idp.example", IPAddress.Loopback);

        Assert.Null(await RefusalAsync(http, $"http://inside.example:{new Uri(inside.Address).Port}/"));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    public async Task None_leads_to_a_clouds_own_addresses(string address)
    {
        using var http = NewHttp("https://idp.example", IPAddress.Parse(address));

        Assert.Equal(LoginRefusal.AddressForbidden, await RefusalAsync(http, "https://idp.example/"));
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_refused()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}"));
        using var http = NewHttp("https://localhost", IPAddress.Loopback);

        // It speaks no TLS at all.
        Assert.Equal(LoginRefusal.InsecureConnection, await RefusalAsync(http, $"https://localhost:{new Uri(server.Address).Port}/"));
    }

    [Fact]
    public async Task A_port_at_which_nobody_listens_and_a_name_that_nobody_has_say_so()
    {
        using var http = NewHttp("https://idp.example", IPAddress.Loopback);
        using var nameless = new ProviderHttp(new Uri("https://idp.example"), TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([]));

        Assert.Equal(LoginRefusal.Unreachable, await RefusalAsync(http, "https://idp.example:1/"));
        Assert.Equal(LoginRefusal.HostNotFound, await RefusalAsync(nameless, "https://idp.example/"));
    }

    private static ProviderHttp NewHttp(string issuer, IPAddress address) => new(
        new Uri(issuer), TimeProvider.System, (host, _) => Task.FromResult<IPAddress[]>([host == "inside.example" ? IPAddress.Loopback : address]));

    private static Task<LoginRefusal?> RefusalAsync(ProviderHttp http, string address) => LoginBench.RefusalOf(async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        await http.ReadAsync(request, CancellationToken.None);
    });
}
