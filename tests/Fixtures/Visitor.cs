using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Calango.Tests.Fixtures;

/// <summary>Someone with a browser that runs no scripts: keeps cookies, follows redirects, submits forms.</summary>
public sealed class Visitor(Uri address) : IDisposable
{
    private readonly HtmlParser _parser = new();
    private IReadOnlyList<KeyValuePair<string, string>>? _hidden;

    /// <summary>For requests that no form makes. Cookies are shared.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true }) { BaseAddress = address };

    /// <summary>The path of the page last read, after redirects.</summary>
    public string Path { get; private set; } = "/";

    /// <summary>Opens a page; it must answer 2xx.</summary>
    public async Task<IHtmlDocument> GetAsync(string path, CancellationToken cancellationToken = default)
    {
        using var response = await Http.GetAsync(path, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

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
        request.Headers.Add("X-CSRF", (await HiddenAsync(cancellationToken)).Single().Value);
        return await Http.SendAsync(request, cancellationToken);
    }

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
