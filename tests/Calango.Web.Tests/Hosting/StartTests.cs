using Calango.Web.Hosting;
using Microsoft.Extensions.Configuration;

namespace Calango.Web.Tests.Hosting;

public sealed class StartTests
{
    [Theory]
    [InlineData("CALANGO_URLS", "http://0.0.0.0:5080")]
    [InlineData("CALANGO_URLS", "http://192.168.1.5:5080")]
    [InlineData("CALANGO_URLS", "http://*:5080")]
    [InlineData("CALANGO_URLS", "http://my-laptop:5080")]
    [InlineData("CALANGO_URLS", "http://127.0.0.1:5080;http://[::]:5080")]
    [InlineData("CALANGO_URLS", "https://127.0.0.1:5080")]
    [InlineData("CALANGO_MODE", "Cloud")]
    [InlineData("CALANGO_MODE", "Server")]
    public void An_unsafe_or_unknown_setting_stops_the_start_with_one_line(string key, string value)
    {
        var refusal = Assert.Throws<StartRefusedException>(() => CalangoHost.Build([], configuration => configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>(key, value)])));

        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
