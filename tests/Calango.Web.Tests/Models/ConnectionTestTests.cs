using AngleSharp.Html.Dom;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

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
    [InlineData("http://127.0.0.1:9/v1", "provider.unreachable", "Nothing answers at 127.0.0.1:9.")]
    [InlineData("http://no-such-host.invalid/v1", "provider.hostNotFound", "The name no-such-host.invalid was not found.")]
    public async Task The_test_says_that_nobody_is_there(string address, string failure, string sentence)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        var page = await TestAsync(ana, address);

        Assert.Equal(failure, FailureOf(page));
        Assert.Contains(sentence, page.QuerySelector("[data-failure]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_test_says_that_a_certificate_is_not_trusted()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        await using var service = OddService.WithUntrustedCertificate();
        using var ana = app.Visit();

        var page = await TestAsync(ana, $"https://{service.Authority}/v1");

        Assert.Equal("provider.insecureConnection", FailureOf(page));
        Assert.Contains($"No secure connection to {service.Authority}", page.QuerySelector("[data-failure]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_test_says_that_a_service_took_longer_than_it_may()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        await using var service = OddService.ThatNeverAnswers();
        using var ana = app.Visit();

        var page = await ana.PostAsync("/models/connections/test", CancellationToken, ConnectionFields.Of($"http://{service.Authority}/v1", firstTokenSeconds: 1));

        Assert.Equal("provider.timedOut", FailureOf(page));
        Assert.Contains($"{service.Authority} took too long", page.QuerySelector("[data-failure]")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/models/connections/test")]
    [InlineData("/models/connections/new")]
    public async Task A_setting_that_the_service_does_not_have_is_named(string path)
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        var page = await ana.PostAsync(path, CancellationToken, [.. ConnectionFields.Of(app.Upstream.Address.ToString()), ("Values[adress]", "http://misspelled.example")]);

        Assert.Contains("no setting named “adress”", page.QuerySelector("#connection-form [role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(app.Upstream.AllRequests);
    }

    [Fact]
    public async Task A_failed_answer_names_the_host_that_was_not_found()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        var connection = await app.Services.GetRequiredService<Connections>().AddAsync(
            new ConnectionInput("openai-compatible", "", "Typo", new Dictionary<string, string?> { ["address"] = "http://no-such-host.invalid/v1" }, new TimeLimits()), CancellationToken);
        using var ana = app.Visit();

        await ana.PostAsync("/messages", CancellationToken, ("Text", "Hello?"), ("Model", new ModelRef(connection.Id, "some-model").ToString()));
        var chat = ana.Path;
        var sentence = "";
        await Eventually.HoldsAsync("the failure is shown", async () =>
            (sentence = (await ana.GetAsync(chat, CancellationToken)).QuerySelector("[data-failure='provider.hostNotFound']")?.TextContent ?? "").Length > 0, CancellationToken);

        Assert.Contains("The name no-such-host.invalid was not found", sentence, StringComparison.Ordinal);
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
