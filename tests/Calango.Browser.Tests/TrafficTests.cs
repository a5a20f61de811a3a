using Calango.Browser.Tests.Browsing;
using Calango.Tests.Support.Upstream;
using static Microsoft.Playwright.Assertions;

namespace Calango.Browser.Tests;

public sealed class TrafficTests(Browsers browsers, ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task The_row_of_a_connection_says_what_goes_on_while_somebody_looks()
    {
        await using var ana = await server.OpenAsync(browsers, "/models");
        await using var bruno = await server.OpenAsync(browsers);
        var traffic = ana.Page.Locator(".traffic");
        await Expect(traffic).ToBeHiddenAsync();
        server.Upstream.Enqueue(new UpstreamReply { Text = "They need its warmth.", HoldAfter = 1 });

        await bruno.Page.SendAsync("Why do lizards lie in the sun?");
        await Expect(traffic).ToHaveTextAsync("1 call under way");
        server.Upstream.Release();

        await Expect(traffic).ToBeHiddenAsync();
    }
}
