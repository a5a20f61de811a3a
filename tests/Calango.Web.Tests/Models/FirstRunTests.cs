using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Models;

public sealed class FirstRunTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_server_leads_to_the_three_ways_to_a_model()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        var chat = await ana.GetAsync("/", CancellationToken);
        Assert.NotNull(chat.QuerySelector("#composer a[href='/models']"));

        var page = await ana.GetAsync("/models", CancellationToken);
        Assert.Equal("/models/first-run", ana.Path);
        Assert.Equal("/models/services", page.QuerySelector("#services")!.GetAttribute("hx-get"));
        Assert.NotNull(page.QuerySelector("a[href='/models/connections/new']"));
        Assert.Contains("329 MB", page.QuerySelector(".local")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_are_looked_for_without_scripts_too()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        var page = await ana.GetAsync("/models/services", CancellationToken);

        Assert.NotNull(page.QuerySelector("#services"));
        Assert.NotNull(page.QuerySelector("main h1"));
    }

    [Fact]
    public async Task A_service_that_is_not_found_again_is_not_connected()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        using var refused = await ana.TryPostAsync($"/models/services?address={Uri.EscapeDataString(app.Upstream.Address.ToString())}", CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        await ana.GetAsync("/models", CancellationToken);
        Assert.Equal("/models/first-run", ana.Path);
    }
}
