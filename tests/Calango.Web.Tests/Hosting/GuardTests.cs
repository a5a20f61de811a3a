using System.Net;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Hosting;

public sealed class GuardTests : IAsyncLifetime
{
    private TestApp app = null!;

    public async ValueTask InitializeAsync() => app = await TestApp.StartAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_page_may_load_only_what_is_ours()
    {
        using var visitor = app.Visit();
        using var response = await visitor.Http.GetAsync("/", TestContext.Current.CancellationToken);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.All(response.Headers.GetValues("Set-Cookie"), cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("0.0.0.0")]
    [InlineData("[::2]")]
    public async Task N11_a_page_that_rebinds_its_name_to_this_machine_is_refused(string host)
    {
        using var visitor = app.Visit();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = $"{host}:{app.Address.Port}" } };
        using var response = await visitor.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    public async Task This_machine_is_served_under_its_own_names_at_its_own_port(string host)
    {
        using var visitor = app.Visit();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{host}:{app.Address.Port}"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await StatusAsync($"{host}:{app.Address.Port + 1}"));

        async Task<HttpStatusCode> StatusAsync(string name)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = name } };
            using var response = await visitor.Http.SendAsync(request, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task N11_another_sites_form_changes_nothing(string header, string value)
    {
        using var visitor = app.Visit();
        visitor.Http.DefaultRequestHeaders.Add(header, value);
        using var response = await visitor.TryPostAsync("/messages", TestContext.Current.CancellationToken, ("Text", "hello"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(app.Upstream.Requests);
    }

    [Fact]
    public async Task Every_change_needs_the_token_of_a_page()
    {
        using var visitor = app.Visit();
        var id = Guid.CreateVersion7();
        (HttpMethod Method, string Path)[] changes =
        [
            (HttpMethod.Post, "/messages"), (HttpMethod.Post, $"/chat/{id}/messages"), (HttpMethod.Put, $"/chat/{id}/messages/{id}"),
            (HttpMethod.Delete, $"/chat/{id}/messages/{id}"), (HttpMethod.Post, $"/chat/{id}/messages/{id}/answers"),
            (HttpMethod.Post, $"/chat/{id}/messages/{id}/continuation"), (HttpMethod.Post, $"/chat/{id}/messages/{id}/shown"),
            (HttpMethod.Post, $"/chat/{id}/messages/{id}/fork"), (HttpMethod.Put, $"/chat/{id}/title"), (HttpMethod.Put, $"/chat/{id}/model"),
            (HttpMethod.Put, $"/chat/{id}/settings"), (HttpMethod.Delete, $"/chat/{id}"), (HttpMethod.Delete, $"/chat/{id}/deletion"),
            (HttpMethod.Post, $"/turns/{id}/stop"), (HttpMethod.Post, "/preferences"),
        ];

        foreach (var (method, path) in changes)
        {
            using var request = new HttpRequestMessage(method, path) { Content = new FormUrlEncodedContent([KeyValuePair.Create("Text", "hello")]) };
            using var response = await visitor.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{method} {path} answered {(int)response.StatusCode}");
        }
    }

    [Fact]
    public async Task A_form_that_says_it_is_a_delete_needs_the_token_too()
    {
        using var visitor = app.Visit();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("_method", "DELETE")]);
        using var response = await visitor.Http.PostAsync($"/chat/{Guid.CreateVersion7()}", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/chat/{id}/deletion", "DELETE")]
    [InlineData("GET", "/turns/{id}/stop", "POST")]
    [InlineData("GET", "/models/titles", "PUT")]
    [InlineData("HEAD", "/chat/{id}/model", "PUT")]
    [InlineData("PATCH", "/conversations", "GET, HEAD")]
    [InlineData("DELETE", "/shortcuts", "GET, HEAD")]
    public async Task A_page_without_a_handler_for_a_method_says_which_ones_it_has(string method, string path, string allowed)
    {
        using var visitor = app.Visit();
        var token = (await visitor.GetAsync("/", TestContext.Current.CancellationToken)).QuerySelector("meta[name=csrf]")!.GetAttribute("content");
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal)) { Headers = { { "X-CSRF", token } } };
        using var response = await visitor.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
        Assert.Equal(method != "HEAD", (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Length > 0);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/conversations")]
    [InlineData("/shortcuts")]
    public async Task A_page_to_read_can_be_asked_for_its_head(string path)
    {
        using var visitor = app.Visit();
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var response = await visitor.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task An_error_names_the_request_and_tells_nothing_else()
    {
        using var visitor = app.Visit();
        using var response = await visitor.Http.GetAsync($"/chat/{Guid.CreateVersion7()}", TestContext.Current.CancellationToken);
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains(Assert.Single(response.Headers.GetValues("X-Request-Id")), page, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_is_a_problem_where_json_is_asked_for()
    {
        using var visitor = app.Visit();
        visitor.Http.DefaultRequestHeaders.Add("Accept", "application/json");
        using var response = await visitor.Http.GetAsync($"/chat/{Guid.CreateVersion7()}", TestContext.Current.CancellationToken);
        var problem = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\"code\":\"notFound\"", problem, StringComparison.Ordinal);
        Assert.Contains("\"traceId\":", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_healthy_server_says_so(string path)
    {
        using var visitor = app.Visit();
        using var response = await visitor.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
