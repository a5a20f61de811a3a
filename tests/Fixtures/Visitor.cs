using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Calango.Tests.Fixtures;

/// <summary>Someone with a browser that runs no scripts: keeps cookies, follows redirects, submits forms.</summary>
public sealed class Visitor : IDisposable
{
    /// <summary>The password of everybody who makes an account in a test.</summary>
    public const string Password = "lizards sleep in the sun";

    private readonly HtmlParser _parser = new();
    private readonly CookieContainer _cookies = new();
    private readonly Uri _address;
    private IReadOnlyList<KeyValuePair<string, string>>? _hidden;

    /// <param name="address">Where the server answers.</param>
    /// <param name="session">The session of somebody who has signed in; null: nobody's.</param>
    public Visitor(Uri address, string? session = null)
    {
        _address = address;
        Http = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies, AllowAutoRedirect = true }) { BaseAddress = address };
        if (session is not null)
        {
            // A server that was to choose its port itself has named its cookies by 0.
            _cookies.Add(address, new Cookie("calango.session.0", session, "/"));
            _cookies.Add(address, new Cookie($"calango.session.{address.Port}", session, "/"));
        }
    }

    /// <summary>For requests that no form makes. Cookies are shared.</summary>
    public HttpClient Http { get; }

    /// <summary>What the cookie of the session holds; null: nobody has signed in.</summary>
    public string? Session => Cookie("session");

    /// <summary>What a cookie of the server holds; null: there is none.</summary>
    public string? Cookie(string name) => _cookies.GetCookies(_address).FirstOrDefault(cookie => cookie.Name.StartsWith($"calango.{name}.", StringComparison.Ordinal))?.Value;

    /// <summary>Makes the first account of a server, and returns its session.</summary>
    public static async Task<string?> SetUpAsync(Uri address, string token)
    {
        using var first = new Visitor(address);
        await first.SetUpAsync(token);
        return first.Session;
    }

    /// <summary>Makes the first account of a server, and stays signed in.</summary>
    public async Task SetUpAsync(string token, CancellationToken cancellationToken = default)
    {
        await GetAsync("/setup", cancellationToken);
        await PostAsync("/setup", cancellationToken, ("Token", token), ("Name", "Ana"), ("Email", "ana@example.org"), ("Password", Password));
    }

    /// <summary>Invites somebody, as whoever runs the server does, and returns the path of the link.</summary>
    public async Task<string> InviteAsync(string email, string role = "Member", CancellationToken cancellationToken = default)
    {
        var page = await GetAsync("/admin/people", cancellationToken);
        var option = page.QuerySelectorAll("#invitation-role option").First(option => option.TextContent.Trim() == role);
        var made = await PostAsync("/admin/people", cancellationToken, ("Email", email), ("RoleId", option.GetAttribute("value")!));
        return new Uri(made.QuerySelector("#invitation-link")!.GetAttribute("value")!).PathAndQuery;
    }

    /// <summary>Makes an account with the link of an invitation, and stays signed in.</summary>
    public async Task AcceptAsync(string link, string name = "Bruno", CancellationToken cancellationToken = default)
    {
        await GetAsync(link, cancellationToken);
        await PostAsync(link, cancellationToken, ("Name", name), ("Password", Password));
    }

    /// <summary>The path of the page last read, after redirects.</summary>
    public string Path { get; private set; } = "/";

    /// <summary>Opens a page; it must answer 2xx.</summary>
    public async Task<IHtmlDocument> GetAsync(string path, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
        using var response = await Http.SendAsync(request, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    /// <summary>Reads what the server measures, as whoever watches over it does.</summary>
    public async Task<string> MetricsAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "Authorization", $"Bearer {ServerSettings.MetricsToken}" } } };
        using var response = await Http.SendAsync(request, cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>Does the work that a form before the door asks for, and returns the field that says so.</summary>
    public async Task<(string Name, string Value)> WorkAsync(CancellationToken cancellationToken = default) => ("Captcha", (await CaptchaWork.DoAsync(Http, cancellationToken)).Answer);

    /// <summary>Submits a form with the token of the page last seen, and reads the page that follows; it must answer 2xx.</summary>
    public async Task<IHtmlDocument> PostAsync(string path, CancellationToken cancellationToken = default, params (string Name, string Value)[] fields)
    {
        using var response = await TryPostAsync(path, cancellationToken, fields);
        return await ReadAsync(response, cancellationToken);
    }

    /// <summary>Submits a form with the hidden fields of the page last seen, as a button of its own would; the caller judges the answer.</summary>
    public async Task<HttpResponseMessage> TryPostAsync(string path, CancellationToken cancellationToken = default, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent([.. await HiddenAsync(cancellationToken), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        return await Http.PostAsync(path, form, cancellationToken);
    }

    /// <summary>Sends what no page of ours would, with the token of the page last seen.</summary>
    public async Task<HttpResponseMessage> TryPostAsync(string path, HttpContent form, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        request.Headers.Add("X-CSRF", await TokenAsync(cancellationToken));
        return await Http.SendAsync(request, cancellationToken);
    }

    /// <summary>The token of the page last seen, without which nothing can be changed.</summary>
    public async Task<string> TokenAsync(CancellationToken cancellationToken) => (await HiddenAsync(cancellationToken)).Single().Value;

    /// <inheritdoc/>
    public void Dispose() => Http.Dispose();

    private async Task<IHtmlDocument> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        response.EnsureSuccessStatusCode();
        Path = response.RequestMessage!.RequestUri!.PathAndQuery;
        var page = await _parser.ParseDocumentAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
        if (page.QuerySelector("form#actions") is { } actions)
        {
            _hidden = [.. actions.QuerySelectorAll("input").Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value")!))];
        }
        else if (page.QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value") is { } token)
        {
            _hidden = [KeyValuePair.Create("__RequestVerificationToken", token)];
        }

        return page;
    }

    // What the page's form of buttons carries along: the token against forms of other sites.
    private async Task<IReadOnlyList<KeyValuePair<string, string>>> HiddenAsync(CancellationToken cancellationToken)
    {
        if (_hidden is null)
        {
            await GetAsync("/", cancellationToken);
        }

        return _hidden!;
    }
}
