using System.Net;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Identity;

/// <summary>A server that people reach under a name of its own, over https, through a proxy.</summary>
public sealed class PublicServerTests : IAsyncLifetime
{
    private TestApp _app = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false, setUp: false, settings: new Dictionary<string, string?>
        {
            ["CALANGO_PUBLICURL"] = "https://chat.example", ["CALANGO_METRICS_TOKEN"] = "watch", ["CALANGO_PROXIES"] = "127.0.0.1",
        });
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("chat.example", HttpStatusCode.OK)]
    [InlineData("chat.example:443", HttpStatusCode.OK)]
    [InlineData("chat.example.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("chat.example:8443", HttpStatusCode.MisdirectedRequest)]
    [InlineData("other.example", HttpStatusCode.MisdirectedRequest)]
    public async Task It_answers_under_its_name_and_no_other(string host, HttpStatusCode expected)
    {
        using var answer = await SendAsync(HttpMethod.Get, "/setup", host);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Its_cookies_go_over_https_to_this_host_alone_and_the_session_knows_the_real_address()
    {
        using var page = await SendAsync(HttpMethod.Get, "/setup");
        var csrf = page.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-calango.csrf=", csrf, StringComparison.Ordinal);
        Assert.Equal("max-age=31536000", Assert.Single(page.Headers.GetValues("Strict-Transport-Security")));
        var token = (await Reading.PageAsync(page, Cancelled)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = token, ["Token"] = _app.Services.GetRequiredService<SetUpToken>().Text,
            ["Name"] = "Ana", ["Email"] = "ana@example.org", ["Password"] = Visitor.Password,
        });

        using var made = await SendAsync(HttpMethod.Post, "/setup", form: form, headers: [("Cookie", csrf.Split(';')[0]), ("Origin", "https://chat.example"), ("X-Forwarded-For", "203.0.113.9")]);

        var session = made.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("__Host-calango.session=", StringComparison.Ordinal));
        Assert.All(["secure", "httponly", "samesite=lax", "path=/"], part => Assert.Contains(part, session, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("domain", session, StringComparison.OrdinalIgnoreCase);
        using var account = await SendAsync(HttpMethod.Get, "/account", headers: [("Cookie", session.Split(';')[0])]);
        Assert.Contains("203.0.113.9", await account.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://chat.example")]
    [InlineData("https://evil.example")]
    public async Task A_form_from_elsewhere_changes_nothing(string origin)
    {
        using var form = new FormUrlEncodedContent([]);
        using var answer = await SendAsync(HttpMethod.Post, "/setup", form: form, headers: [("Origin", origin)]);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.NotFound)]
    [InlineData("Bearer wrong", HttpStatusCode.NotFound)]
    [InlineData("Bearer watch", HttpStatusCode.OK)]
    public async Task Its_metrics_are_for_whoever_has_the_token(string? authorization, HttpStatusCode expected)
    {
        using var answer = await SendAsync(HttpMethod.Get, "/metrics", headers: authorization is null ? [] : [("Authorization", authorization)]);

        Assert.Equal(expected, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string host = "chat.example", HttpContent? form = null, (string Name, string Value)[]? headers = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(method, new Uri(_app.Address, path)) { Content = form, Headers = { Host = host } };
        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.Add(name, value);
        }

        return await http.SendAsync(request, Cancelled);
    }
}
