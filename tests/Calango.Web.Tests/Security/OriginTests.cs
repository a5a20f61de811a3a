using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Security;

/// <summary>Which pages of other sites may ask, and for what.</summary>
public sealed class OriginTests : IAsyncLifetime
{
    private const string Notes = "https://notes.example";
    private TestApp _app = null!;
    private Visitor _ana = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync(settings: new Dictionary<string, string?> { ["CALANGO_API_ORIGINS"] = $"{Notes}, http://localhost:3000" });
        _ana = _app.Visit();
    }

    public ValueTask DisposeAsync()
    {
        _ana?.Dispose();
        return _app.DisposeAsync();
    }

    [Theory]
    [InlineData(Notes)]
    [InlineData("http://localhost:3000")]
    public async Task N10_a_page_of_a_named_origin_uses_the_api_with_a_token_and_nothing_else(string origin)
    {
        var token = await ApiServer.MakeTokenAsync(_ana, "Models", "ReadChats", "WriteChats");
        _app.Upstream.Default = new UpstreamReply { Text = "In the sun." };

        using var asked = await SendAsync(HttpMethod.Options, "/v1/chat/completions", origin, request =>
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-stainless-lang");
        });
        using var answered = await SendAsync(HttpMethod.Post, "/v1/chat/completions", origin, request =>
        {
            request.Headers.Add("Authorization", $"Bearer {token}");
            request.Headers.Add("Sec-Fetch-Site", "cross-site");
            request.Content = ApiServer.Json(new { model = _app.Upstream.Models[0], messages = new[] { new { role = "user", content = "Where do lizards sleep?" } } });
        });
        using var refused = await SendAsync(HttpMethod.Get, "/api/chats", origin, request => request.Headers.Add("Authorization", "Bearer cal_no"));
        using var page = await SendAsync(HttpMethod.Get, "/", origin, _ => { });
        using var changed = await SendAsync(HttpMethod.Post, "/preferences", origin, request => request.Content = new FormUrlEncodedContent([KeyValuePair.Create("Theme", "dark")]));

        Assert.Equal((HttpStatusCode.NoContent, origin), (asked.StatusCode, AllowedTo(asked)));
        Assert.Contains("authorization", asked.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal((HttpStatusCode.OK, origin), (answered.StatusCode, AllowedTo(answered)));
        Assert.Equal((HttpStatusCode.Unauthorized, origin), (refused.StatusCode, AllowedTo(refused)));
        Assert.Equal((HttpStatusCode.OK, null), (page.StatusCode, AllowedTo(page)));
        Assert.Equal((HttpStatusCode.Forbidden, null), (changed.StatusCode, AllowedTo(changed)));
        Assert.All([asked, answered, refused, page, changed], answer => Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials")));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://notes.example.evil.example")]
    [InlineData("https://evil-notes.example")]
    [InlineData("https://sub.notes.example")]
    [InlineData("http://notes.example")]
    [InlineData("https://notes.example:8443")]
    [InlineData("http://localhost:3001")]
    [InlineData("null")]
    public async Task N10_a_page_of_an_origin_that_is_nearly_a_named_one_may_not(string origin)
    {
        var token = await ApiServer.MakeTokenAsync(_ana, "Models", "ReadChats", "WriteChats");

        using var asked = await SendAsync(HttpMethod.Options, "/api/messages", origin, request => request.Headers.Add("Access-Control-Request-Method", "POST"));
        using var read = await SendAsync(HttpMethod.Get, "/api/chats", origin, request => request.Headers.Add("Authorization", $"Bearer {token}"));
        using var written = await SendAsync(HttpMethod.Post, "/api/messages", origin, request =>
        {
            request.Headers.Add("Authorization", $"Bearer {token}");
            request.Content = ApiServer.Json(new { text = "Hello" });
        });

        Assert.Null(AllowedTo(asked));
        Assert.Null(AllowedTo(read));
        Assert.Equal((HttpStatusCode.Forbidden, null), (written.StatusCode, AllowedTo(written)));
    }

    private static string? AllowedTo(HttpResponseMessage answer) => answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) ? origins.Single() : null;

    // With the cookies of whoever looks at that page.
    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string origin, Action<HttpRequestMessage> with)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { { "Origin", origin } } };
        with(request);
        return _ana.Http.SendAsync(request, Cancelled);
    }
}
