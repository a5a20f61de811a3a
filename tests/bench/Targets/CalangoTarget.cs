using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Calango.Bench;

/// <summary>Calango, asked as its page asks: the antiforgery token and cookie of the page, a form post, the event stream to its end.</summary>
internal sealed partial class CalangoTarget : ITarget
{
    private readonly string _cookie;
    private readonly string _token;
    private string _model = "";

    private CalangoTarget(ServerProcess process, string cookie, string token) => (Process, _cookie, _token) = (process, cookie, token);

    public string Name => "calango";

    public ServerProcess Process { get; }

    ServerProcess? ITarget.Process => Process;

    /// <summary>Makes the connection to the scripted model where there is none yet.</summary>
    public static async Task<CalangoTarget> ConnectAsync(ServerProcess process, Uri upstream)
    {
        if (process.SetUpToken is { } setUp)
        {
            process.Http.DefaultRequestHeaders.Add("Cookie", await SetUpAsync(process, setUp));
        }

        var (cookie, token) = await OpenAsync(process);
        var target = new CalangoTarget(process, cookie, token);
        using var existing = await process.Http.GetAsync("models");
        if (!(await existing.Content.ReadAsStringAsync()).Contains(upstream.Authority, StringComparison.Ordinal))
        {
            await target.AddConnectionAsync(upstream);
        }

        using var picker = await process.Http.GetAsync("models/picker");
        target._model = Uri.UnescapeDataString(ModelValue().Match(await picker.Content.ReadAsStringAsync()).Value);
        return target;
    }

    public IChat NewChat() => new Chat(this);

    private static async Task<(string Cookie, string Token)> OpenAsync(ServerProcess process)
    {
        using var page = await process.Http.GetAsync("/");
        var html = await page.Content.ReadAsStringAsync();
        var cookies = page.Headers.GetValues("Set-Cookie").Select(header => header.Split(';')[0]).Concat(process.Http.DefaultRequestHeaders.TryGetValues("Cookie", out var own) ? own : []);
        return (string.Join("; ", cookies), Token().Match(html).Groups["token"].Value);
    }

    // Makes the first account, and returns its session's cookie.
    private static async Task<string> SetUpAsync(ServerProcess process, string setUpToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new System.Net.CookieContainer() }) { BaseAddress = process.Address };
        var page = await http.GetStringAsync("setup");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = Token().Match(page).Groups["token"].Value,
            ["Token"] = setUpToken,
            ["Name"] = "Bench",
            ["Email"] = "bench@example.org",
            ["Password"] = "measured all night long",
        });
        using var response = await http.PostAsync("setup", form);
        return response.Headers.GetValues("Set-Cookie").First(cookie => cookie.Contains("session", StringComparison.Ordinal)).Split(';')[0];
    }

    private async Task AddConnectionAsync(Uri upstream)
    {
        using var response = await SendAsync(HttpMethod.Post, "models/connections/new", new()
        {
            ["ProviderId"] = "openai-compatible",
            ["PresetId"] = "openai",
            ["Name"] = $"Scripted {upstream.Authority}",
            ["Values[address]"] = upstream.ToString(),
            ["Values[apiKey]"] = "sk-bench",
            ["FirstTokenSeconds"] = "60",
            ["BetweenTokensSeconds"] = "60",
            ["WholeTurnSeconds"] = "1800",
        }, htmx: false, CancellationToken.None);
        if ((int)response.StatusCode >= 400)
        {
            throw new InvalidOperationException($"The connection was refused with {response.StatusCode}.");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, Dictionary<string, string> form, bool htmx, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add("Cookie", _cookie);
        request.Headers.Add("X-CSRF", _token);
        if (htmx)
        {
            request.Headers.Add("HX-Request", "true");
        }

        return await Process.Http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    private sealed class Chat(CalangoTarget target) : IChat
    {
        private string _path = "messages";

        public async Task AskAsync(string prompt, Action<ReadOnlyMemory<byte>> onData, CancellationToken cancellationToken)
        {
            using var response = await target.SendAsync(
                HttpMethod.Post, _path, new() { ["Text"] = prompt, ["ClientMessageId"] = $"{Guid.CreateVersion7()}", ["Model"] = target._model }, htmx: true, cancellationToken);
            response.EnsureSuccessStatusCode();
            var fragment = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.Headers.TryGetValues("HX-Push-Url", out var urls))
            {
                _path = $"{urls.First().TrimStart('/')}/messages";
            }

            // What had come when it was rendered is in it: the first tokens often, a short answer whole.
            onData(Encoding.UTF8.GetBytes(fragment));
            if (StreamUrl().Match(fragment) is not { Success: true } stream)
            {
                return;
            }

            using var events = new HttpRequestMessage(HttpMethod.Get, stream.Groups["url"].Value);
            events.Headers.Add("Cookie", target._cookie);
            events.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
            await Reading.ReadAsync(target.Process.Http, events, onData, cancellationToken);
        }
    }

    [GeneratedRegex("""name="csrf" content="(?<token>[^"]+)"|name="__RequestVerificationToken"[^>]*value="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();

    [GeneratedRegex("[0-9a-f]{32}%2Ffake", RegexOptions.None, 1000)]
    private static partial Regex ModelValue();

    [GeneratedRegex("""sse-connect="(?<url>/turns/[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StreamUrl();
}
