using System.Net;
using System.Net.Sockets;
using System.Text;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;
using Calango.Web.Tests.Models;

namespace Calango.Web.Tests.Security;

/// <summary>What must hold for each address that the server has: the addresses are its own table's.</summary>
public sealed class SweepTests : IAsyncLifetime
{
    // What anybody may ask for, and what stands before the door.
    private static readonly string[] ForAnybody =
        ["/health/live", "/health/ready", "/metrics", "/offline", "/setup", "/sign-in", "/captcha", "/sign-up", "/sign-up/{key}", "/email", "/forgotten", "/reset", "/sign-in/code", "/sign-in/passkey", "/invitations/{key}", "/s/{token}", "/diagram", "/sign-in/{provider:guid}", "/sign-in/{provider:guid}/return", "/sign-in/{provider:guid}/logout"];

    private ApiServer _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await ApiServer.StartAsync(DatabaseKind.Postgres);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Z14_a_stranger_is_let_in_nowhere()
    {
        var routes = ServerRoute.Of(_server.App).Where(route => !ForAnybody.Contains(route.Pattern)).ToList();
        using var stranger = _server.App.VisitAsStranger();

        var open = new List<string>();
        foreach (var (route, method) in routes.SelectMany(route => route.Methods.Select(method => (route, method))))
        {
            using var answer = await SendAsync(stranger.Http, method, route.Path, content: null);
            if (answer.StatusCode != HttpStatusCode.Unauthorized)
            {
                open.Add($"{method} {route.Pattern}: {(int)answer.StatusCode}");
            }
        }

        Assert.True(routes.Count > 100, $"{routes.Count} routes");
        Assert.Empty(open);
    }

    [Fact]
    public async Task Z14_what_anybody_may_ask_for_tells_nothing_of_the_server()
    {
        using var stranger = _server.App.VisitAsStranger();

        foreach (var route in ServerRoute.Of(_server.App).Where(route => ForAnybody.Contains(route.Pattern)))
        {
            using var answer = await SendAsync(stranger.Http, "GET", route.Path, content: null);
            var text = await answer.Content.ReadAsStringAsync(Cancelled);
            Assert.DoesNotContain(_server.App.DataFolder, text, StringComparison.Ordinal);
            Assert.DoesNotContain("Scripted", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ana@example.org", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Z14_who_does_not_run_the_server_is_refused_all_that_is_for_those_who_do()
    {
        var routes = ServerRoute.Of(_server.App).Where(route => route.IsForAdmins).ToList();
        using var bruno = await _server.InviteAsync("bruno@example.org");

        var open = new List<string>();
        foreach (var (route, method) in routes.SelectMany(route => route.Methods.Select(method => (route, method))))
        {
            using var answer = await SendAsync(bruno.Http, method, route.Path, content: null);
            if (answer.StatusCode != HttpStatusCode.Forbidden)
            {
                open.Add($"{method} {route.Pattern}: {(int)answer.StatusCode}");
            }
        }

        Assert.True(routes.Count > 30, $"{routes.Count} routes");
        Assert.Empty(open);
    }

    [Fact]
    public async Task S06_no_address_that_a_stranger_enters_anywhere_is_connected_to()
    {
        using var wanted = new TcpListener(IPAddress.Loopback, 0);
        wanted.Start();
        var address = $"http://{wanted.LocalEndpoint}/v1";
        string[] fields = ["Address", "Url", "Issuer", "Endpoint", "Picture", "Values[endpoint]", "Values[url]"];
        using var stranger = _server.App.VisitAsStranger();
        await stranger.GetAsync("/sign-in", Cancelled);

        // Where the last part of an address may be missing, it is about something new.
        foreach (var (path, method) in Unsafe().SelectMany(one => one.Route.Pattern.EndsWith("?}", StringComparison.Ordinal)
            ? [(one.Route.Path, one.Method), (one.Route.Path[..one.Route.Path.LastIndexOf('/')], one.Method)]
            : new[] { (one.Route.Path, one.Method) }))
        {
            using var form = new FormUrlEncodedContent(
                [new("_method", method), .. ConnectionFields.Of(address).Select(field => KeyValuePair.Create(field.Name, field.Value)), .. fields.Select(field => KeyValuePair.Create(field, address))]);
            using var answer = await stranger.TryPostAsync(path, form, Cancelled);
        }

        Assert.False(wanted.Pending());
        // It would have been noticed: whoever runs the server has one of them connected to.
        using var ana = _server.App.Visit();
        await ana.GetAsync("/models/connections/new", Cancelled);
        var asked = ana.TryPostAsync("/models/connections/test", Cancelled, ConnectionFields.Of(address));
        using var connection = await wanted.AcceptTcpClientAsync(Cancelled).AsTask().WaitAsync(Eventually.Limit, Cancelled);
        connection.Close();
        (await asked).Dispose();
    }

    [Fact]
    public async Task Z16_no_token_opens_a_page()
    {
        using var program = _server.Program(await _server.MakeTokenAsync("Models", "ReadChats", "WriteChats"));

        foreach (var route in ServerRoute.Of(_server.App).Where(route => !route.IsApi && !ForAnybody.Contains(route.Pattern)))
        {
            using var answer = await SendAsync(program, route.Methods[0], route.Path, content: null);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{route.Pattern}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task N10_another_sites_page_changes_nothing_anywhere()
    {
        using var ana = _server.App.Visit();
        using var program = _server.Program(await _server.MakeTokenAsync("Models", "ReadChats", "WriteChats"));

        var passed = new List<string>();
        foreach (var (route, method) in Unsafe())
        {
            var http = route.IsApi ? program : ana.Http;
            await TryAsync("Origin", "https://evil.example", new FormUrlEncodedContent([KeyValuePair.Create("Text", "x")]));
            await TryAsync("Sec-Fetch-Site", "cross-site", new StringContent("{}", Encoding.UTF8, "text/plain"));
            await TryAsync("Origin", "null", new MultipartFormDataContent { { new StringContent("x"), "Text" } });

            async Task TryAsync(string header, string value, HttpContent content)
            {
                using var answer = await SendAsync(http, method, route.Path, content, (header, value));
                if (answer.StatusCode != HttpStatusCode.Forbidden || answer.Headers.Contains("Access-Control-Allow-Origin"))
                {
                    passed.Add($"{method} {route.Pattern} with {header}: {value}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(passed);
    }

    [Fact]
    public async Task N10_no_page_is_changed_without_the_token_of_a_page()
    {
        using var ana = _server.App.Visit();

        var passed = new List<string>();
        foreach (var (route, method) in Unsafe().Where(one => one.Route.IsPage))
        {
            using var answer = await SendAsync(ana.Http, method, route.Path, new FormUrlEncodedContent([KeyValuePair.Create("Text", "x")]));
            if (answer.StatusCode != HttpStatusCode.BadRequest)
            {
                passed.Add($"{method} {route.Pattern}: {(int)answer.StatusCode}");
            }
        }

        Assert.Empty(passed);
    }

    [Fact]
    public async Task D02_what_a_stranger_sends_is_not_read()
    {
        const int Large = 100 * 1024 * 1024;
        using var stranger = _server.App.VisitAsStranger();

        var read = new List<string>();
        foreach (var (route, method) in Unsafe().Where(one => !ForAnybody.Contains(one.Route.Pattern)))
        {
            using var body = new CountedContent(Large);
            var status = await StatusAsync(stranger.Http, method, route.Path, body);
            // What lies in the buffers of both ends has been sent without anybody having read it.
            if (status is not (null or HttpStatusCode.Unauthorized or HttpStatusCode.RequestEntityTooLarge) || body.Sent > Large / 5)
            {
                read.Add($"{method} {route.Pattern}: {(int?)status}, {body.Sent} bytes");
            }
        }

        Assert.Empty(read);
    }

    private IEnumerable<(ServerRoute Route, string Method)> Unsafe() =>
        from route in ServerRoute.Of(_server.App)
        from method in route.Methods
        where method is not ("GET" or "HEAD" or "OPTIONS")
        select (route, method);

    // The server may hang up on somebody who goes on sending: null.
    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, string method, string path, HttpContent content)
    {
        try
        {
            using var answer = await SendAsync(http, method, path, content);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string method, string path, HttpContent? content, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        if (header is { } given)
        {
            request.Headers.Add(given.Name, given.Value);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
    }

    private sealed class CountedContent(int length) : HttpContent
    {
        private static readonly byte[] Piece = new byte[64 * 1024];

        public long Sent { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            while (Sent < length)
            {
                await stream.WriteAsync(Piece);
                Sent += Piece.Length;
            }
        }

        protected override bool TryComputeLength(out long size)
        {
            size = 0;
            return false;
        }
    }
}
