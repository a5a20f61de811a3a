using System.Net;
using System.Text.RegularExpressions;
using Calango.Tests.Fixtures;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Security;

/// <summary>Names in addresses that would lead to files elsewhere, if any of them were ever taken for a path.</summary>
public sealed partial class PathTests : IAsyncLifetime
{
    private const string Canary = "sunbathing-canary";

    private static readonly string[] Tricks =
    [
        "..%2f..%2fcanary.txt", "..%5c..%5ccanary.txt", "%2e%2e%2fcanary.txt", "..%252fcanary.txt", "....%2f%2fcanary.txt", "%2fetc%2fpasswd", "..%2fcanary.txt%00.png",
        "%00", "Li4vY2FuYXJ5LnR4dA==", "file:%2f%2f%2fetc%2fpasswd", "C:%5cWindows%5cwin.ini", "%c0%ae%c0%ae%c0%afcanary.txt", "..;%2fcanary.txt",
    ];

    private ApiServer _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await ApiServer.StartAsync(DatabaseKind.Postgres, ("CALANGO_PROXIES", "127.0.0.1"));
        await File.WriteAllTextAsync(Path.Combine(_server.App.DataFolder, "canary.txt"), Canary, Cancelled);
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    [Fact]
    public async Task F01_no_name_in_an_address_leads_to_a_file()
    {
        using var program = _server.Program(await _server.MakeTokenAsync("Models", "ReadChats", "WriteChats"));
        var served = new List<string>();
        var asked = 0;
        var named = ServerRoute.Of(_server.App).Where(route => Name().IsMatch(route.Pattern)).ToList();
        foreach (var (route, method, trick) in
            from route in named
            from method in route.Methods
            from trick in Tricks
            select (route, method, trick))
        {
            await AskAsync(route.IsApi ? program : _server.Owner.Http, method, Address(route.Pattern, trick));
        }

        foreach (var trick in Tricks)
        {
            foreach (var folder in (string[])["/", "/css/", "/files/", "/files/avatars/", "/docs/", "/js/"])
            {
                await AskAsync(_server.Owner.Http, "GET", folder + trick);
            }
        }

        Assert.True(named.Count >= 10, $"{named.Count} routes");
        Assert.Empty(served);
        Assert.Equal(Canary, await File.ReadAllTextAsync(Path.Combine(_server.App.DataFolder, "canary.txt"), Cancelled));

        async Task AskAsync(HttpClient http, string method, string path)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"{_server.App.Address}{path[1..]}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
            // From a network of its own: limits are another test's.
            request.Headers.Add("X-Forwarded-For", $"198.51.{++asked / 250}.{(asked % 250) + 1}");
            if (method != "GET")
            {
                request.Headers.Add("X-CSRF", await _server.Owner.TokenAsync(Cancelled));
                request.Content = new FormUrlEncodedContent([]);
            }

            using var answer = await http.SendAsync(request, Cancelled);
            var text = await answer.Content.ReadAsStringAsync(Cancelled);
            if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed) || text.Contains(Canary, StringComparison.Ordinal))
            {
                served.Add($"{method} {path}: {(int)answer.StatusCode}");
            }
        }
    }

    private static string Address(string pattern, string trick) =>
        Parameter().Replace(Name().Replace(pattern, trick), "01900000-0000-7000-8000-00000000abcd");

    [GeneratedRegex(@"\{\**\w+\}")]
    private static partial Regex Name();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
