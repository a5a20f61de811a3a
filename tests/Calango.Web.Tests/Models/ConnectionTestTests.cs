using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Models;

public sealed class ConnectionTestTests
{
    private const string Key = "sk-typed-by-ana-7f3a";

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(401, """{"error":{"message":"no"}}""", "provider.unauthorized")]
    [InlineData(402, """{"error":{"message":"no"}}""", "provider.paymentRequired")]
    [InlineData(403, """{"error":{"message":"no"}}""", "provider.forbidden")]
    [InlineData(404, """{"error":{"message":"no"}}""", "provider.endpointNotFound")]
    [InlineData(429, """{"error":{"message":"no"}}""", "provider.rateLimited")]
    [InlineData(500, """{"error":{"message":"no"}}""", "provider.serviceFailed")]
    [InlineData(200, "<!doctype html><title>Router</title>", "provider.unexpectedFormat")]
    public async Task The_test_says_what_is_wrong_with_a_service(int status, string body, string failure)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        app.Upstream.Answer("/v1/models", body, body[0] == '<' ? "text/html" : "application/json", status);
        using var ana = app.Visit();

        var page = await TestAsync(ana, app.Upstream.Address.ToString());

        Assert.Equal(failure, FailureOf(page));
        Assert.Contains(app.Upstream.Address.Authority, page.QuerySelector("[data-failure]")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/v1", "provider.unreachable")]
    [InlineData("http://no-such-host.invalid/v1", "provider.hostNotFound")]
    public async Task The_test_says_that_nobody_is_there(string address, string failure)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        Assert.Equal(failure, FailureOf(await TestAsync(ana, address)));
    }

    [Fact]
    public async Task The_test_speaks_the_persons_language()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        ana.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("pt-BR");

        var page = await TestAsync(ana, "http://127.0.0.1:9/v1");

        Assert.Contains("Veja se", page.QuerySelector("[data-failure]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_is_kept_but_a_key_is_never_sent_back()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        var page = await TestAsync(ana, "nonsense");

        Assert.Equal("nonsense", ((IHtmlInputElement)page.QuerySelector("[name='Values[address]']")!).Value);
        Assert.Equal("true", page.QuerySelector("[name='Values[address]']")!.GetAttribute("aria-invalid"));
        Assert.DoesNotContain(Key, page.Source.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_connection_is_counted_and_nothing_is_stored()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        app.Upstream.Models = ["small", "large"];
        using var ana = app.Visit();

        var page = await TestAsync(ana, app.Upstream.Address.ToString());

        Assert.Contains("2", page.QuerySelector("#connection-test")!.TextContent, StringComparison.Ordinal);
        await ana.GetAsync("/models", CancellationToken);
        Assert.Equal("/models/first-run", ana.Path);
    }

    private static Task<IHtmlDocument> TestAsync(Visitor visitor, string address) =>
        visitor.PostAsync("/models/connections/test", CancellationToken, ConnectionFields.Of(address, Key));

    private static string? FailureOf(IHtmlDocument page) => page.QuerySelector("[data-failure]")?.GetAttribute("data-failure");
}
