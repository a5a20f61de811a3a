using System.Net;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Models;

namespace Calango.Web.Tests.Events;

/// <summary>The pages on which an administrator says where events go.</summary>
public sealed class SinkPageTests
{
    private const string Key = "sk-lf-typed-by-ana-9c2e";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_sink_is_off_until_it_is_switched_on_and_stays_as_it_was_set_after_a_restart(DatabaseKind kind)
    {
        await using var langfuse = await OtlpCollector.StartAsync();
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        var home = await ana.GetAsync("/", TestEnd);
        Assert.NotNull(home.QuerySelector("#sidebar a[href='/admin/plugins']"));
        Assert.Equal("Off", BadgeOf(await ana.GetAsync("/plugins", TestEnd)));
        var form = await ana.GetAsync("/plugins/langfuse", TestEnd);
        Assert.False(IsTicked(form, "IsOn"));
        Assert.False(IsTicked(form, "SeesText"));
        Assert.Contains("leaves this server", form.QuerySelector("#sink-text-help")!.TextContent, StringComparison.Ordinal);

        var saved = await ana.PostAsync("/plugins/langfuse", TestEnd, SinkFields.Of(langfuse.Address, Key, seesText: true));
        Assert.Equal("On, with text", BadgeOf(saved));

        await app.RestartAsync();
        using var later = app.Visit();
        form = await later.GetAsync("/plugins/langfuse", TestEnd);
        Assert.True(IsTicked(form, "IsOn") && IsTicked(form, "SeesText"));
        Assert.Equal(langfuse.Address.ToString(), ((IHtmlInputElement)form.QuerySelector("[name='Values[address]']")!).Value);
    }

    [Fact]
    public async Task A_saved_key_is_on_no_page()
    {
        await using var langfuse = await OtlpCollector.StartAsync();
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        var pages = new List<IHtmlDocument>
        {
            await ana.PostAsync("/plugins/langfuse/test", TestEnd, SinkFields.Of(langfuse.Address, Key)),
            await ana.PostAsync("/plugins/langfuse", TestEnd, SinkFields.Of(langfuse.Address, Key)),
            await ana.GetAsync("/plugins", TestEnd),
            await ana.GetAsync("/plugins/langfuse", TestEnd),
            await ana.PostAsync("/plugins/langfuse", TestEnd, ("Values[address]", "nonsense"), ("Values[secretKey]", Key)),
        };

        Assert.All(pages, page => Assert.DoesNotContain(Key, page.Source.Text, StringComparison.Ordinal));
        Assert.Contains("Saved", pages[3].QuerySelector("[name='Values[secretKey]']")!.GetAttribute("placeholder"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_input_is_refused_beside_its_field_and_nothing_typed_is_lost()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        var form = await ana.PostAsync(
            "/plugins/langfuse", TestEnd, ("IsOn", "true"), ("Values[address]", "nonsense"), ("Values[publicKey]", "pk-lf-1"), ("Values[adress]", "x"));

        Assert.Equal("nonsense", ((IHtmlInputElement)form.QuerySelector("[name='Values[address]']")!).Value);
        Assert.Equal("pk-lf-1", ((IHtmlInputElement)form.QuerySelector("[name='Values[publicKey]']")!).Value);
        Assert.True(IsTicked(form, "IsOn"));
        Assert.NotNull(form.QuerySelector("#setting-address-error"));
        Assert.NotNull(form.QuerySelector("#setting-secretKey-error"));
        Assert.Contains("adress", form.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Off", BadgeOf(await ana.GetAsync("/plugins", TestEnd)));
    }

    [Theory]
    [InlineData(401, "{}", "provider.unauthorized", "did not accept the key")]
    [InlineData(403, "{}", "provider.forbidden", "does not allow this")]
    [InlineData(404, "{}", "sink.endpointNotFound", "takes no events at this address")]
    [InlineData(429, "{}", "provider.rateLimited", "too many requests")]
    [InlineData(400, """{"message":"I want other spans"}""", "sink.invalidRequest", "I want other spans")]
    [InlineData(500, "{}", "sink.serviceFailed", "problem of its own")]
    [InlineData(200, "<!doctype html><title>Sign in</title>", "sink.unexpectedFormat", "sign-in page")]
    public async Task The_test_says_what_is_wrong(int status, string body, string failure, string sentence)
    {
        await using var langfuse = await OtlpCollector.StartAsync();
        langfuse.Answer = new OtlpAnswer(status, body);
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        var page = await ana.PostAsync("/plugins/langfuse/test", TestEnd, SinkFields.Of(langfuse.Address, Key));

        Assert.Equal(failure, page.QuerySelector("[data-failure]")?.GetAttribute("data-failure"));
        Assert.Contains(sentence, page.QuerySelector("[data-failure]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_test_says_that_nobody_is_there_in_the_persons_language()
    {
        await using var untrusted = OddService.WithUntrustedCertificate();
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        ana.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("pt-BR");

        foreach (var (address, failure) in new[]
        {
            ("http://127.0.0.1:9", "provider.unreachable"), ("http://no-such-host.invalid", "provider.hostNotFound"), ($"https://{untrusted.Authority}", "provider.insecureConnection"),
        })
        {
            var page = await ana.PostAsync("/plugins/langfuse/test", TestEnd, SinkFields.Of(new Uri(address), Key));
            Assert.Equal(failure, page.QuerySelector("[data-failure]")?.GetAttribute("data-failure"));
            Assert.Equal("pt-BR", page.DocumentElement.GetAttribute("lang"));
        }
    }

    [Fact]
    public async Task A_wrong_key_is_told_by_the_test_and_a_right_one_sends_one_harmless_event_and_stores_nothing()
    {
        await using var langfuse = await OtlpCollector.StartAsync();
        langfuse.Credentials = (SinkFields.PublicKey, Key);
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        var wrong = await ana.PostAsync("/plugins/langfuse/test", TestEnd, SinkFields.Of(langfuse.Address, "sk-lf-another"));
        Assert.Equal("provider.unauthorized", wrong.QuerySelector("[data-failure]")?.GetAttribute("data-failure"));
        var right = await ana.PostAsync("/plugins/langfuse/test", TestEnd, SinkFields.Of(langfuse.Address, Key));

        Assert.Null(right.QuerySelector("[data-failure]"));
        Assert.Contains("has taken a test event", right.QuerySelector("#sink-test")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Calango test", Assert.Single(langfuse.Spans).Name);
        Assert.Equal("Off", BadgeOf(await ana.GetAsync("/plugins", TestEnd)));
    }

    [Theory]
    [InlineData("/plugins/echo")]
    [InlineData("/plugins/no-such-plugin")]
    public async Task What_is_no_sink_is_not_found(string path)
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();

        using var page = await ana.Http.GetAsync(path, TestEnd);
        using var saved = await ana.TryPostAsync(path, TestEnd, ("IsOn", "true"));
        using var tried = await ana.TryPostAsync(path + "/test", TestEnd, ("IsOn", "true"));

        Assert.All([page, saved, tried], response => Assert.Equal(HttpStatusCode.NotFound, response.StatusCode));
    }

    private static string BadgeOf(IHtmlDocument page) => page.QuerySelector("#sink-langfuse .badge")!.TextContent.Trim();

    private static bool IsTicked(IHtmlDocument page, string name) => ((IHtmlInputElement)page.QuerySelector($"[name={name}]")!).IsChecked;
}
