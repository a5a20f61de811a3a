using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Calango.Core.Chat;

namespace Calango.Bench.Swap;

/// <summary>People who ask and read, each again and again. An answer that does not come whole, from one version, in order, has failed.</summary>
internal sealed partial class Readers : IDisposable
{
    private const int TokensOfAnswer = 40, PaceMilliseconds = 25;

    private readonly SwappedServer _server;
    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentQueue<string> _samples = [];
    private readonly HttpClient _http;
    private readonly List<Task> _running;
    private readonly int _warm;
    // Once: a second page would bring another cookie, and the token of the first would be none any more.
    private readonly Task<string> _token;
    private int _streams;
    private int _failed;

    public Readers(SwappedServer server, int count)
    {
        (_server, _warm) = (server, 2 * count);
#pragma warning disable RS0030 // a measuring client of its own, outside any kernel
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2 * count }) { BaseAddress = server.Address };
#pragma warning restore RS0030
        _token = TokenAsync();
        _running = [.. Enumerable.Range(0, count).Select(_ => Task.Run(ReadOnAsync))];
    }

    public int Streams => _streams;

    public long Tokens => (long)(_streams - _failed) * TokensOfAnswer;

    public int Failed => _failed;

    public IEnumerable<string> Samples => _samples.Take(5);

    /// <summary>Ends if reading itself breaks down.</summary>
    public Task Failure => Task.WhenAny(_running).Unwrap();

    public async Task WarmUpAsync()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Volatile.Read(ref _streams) < _warm && !_running.Exists(reader => reader.IsCompleted))
        {
            await tick.WaitForNextTickAsync();
        }
    }

    public async Task StopAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_running);
    }

    public void Dispose()
    {
        _enough.Dispose();
        _http.Dispose();
    }

    private async Task ReadOnAsync()
    {
        while (!_enough.IsCancellationRequested)
        {
            if (await AskAsync() is { } wrong)
            {
                Interlocked.Increment(ref _failed);
                _samples.Enqueue(wrong);
            }

            Interlocked.Increment(ref _streams);
        }
    }

    // Returns what is wrong; null: nothing.
    private async Task<string?> AskAsync()
    {
        var fragment = await PostAsync();
        var turn = Guid.Parse(AnswerId().Matches(fragment)[^1].Groups["id"].Value);
        var events = StreamUrl().Match(fragment) is { Success: true } stream ? await _http.GetStringAsync(new Uri(stream.Groups["url"].Value, UriKind.Relative)) : fragment;
        if (!events.Contains("event: end", StringComparison.Ordinal) && StreamUrl().IsMatch(fragment) && events.Length > 0)
        {
            return $"the stream broke: {events[Math.Max(0, events.Length - 200)..]}";
        }

        var versions = Shown().Matches(events).Select(token => token.Groups["version"].Value).Distinct().ToList();
        var (state, text) = await _server.StoredAsync(turn);
        var version = text.Split('/')[0];
        var whole = string.Join(' ', Enumerable.Range(0, TokensOfAnswer).Select(number => string.Create(CultureInfo.InvariantCulture, $"{version}/{number}")));
        return state != TurnState.Complete || text != whole ? $"{state}: {text}"
            : versions.Exists(other => other != version) ? $"mixed: {string.Join(' ', versions)}"
            : null;
    }

    private async Task<string> TokenAsync() => Token().Match(await _http.GetStringAsync(new Uri("/", UriKind.Relative))).Groups["token"].Value;

    private async Task<string> PostAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["Text"] = string.Create(CultureInfo.InvariantCulture, $"count {TokensOfAnswer} {PaceMilliseconds}"),
                ["ClientMessageId"] = $"{Guid.CreateVersion7()}",
                ["Model"] = _server.Model.ToString(),
            }),
        };
        request.Headers.Add("X-CSRF", await _token);
        request.Headers.Add("HX-Request", "true");
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("""name="csrf" content="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Token();

    [GeneratedRegex("""id="message-(?<id>[0-9a-f-]{36})[\x22]""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex AnswerId();

    [GeneratedRegex("""sse-connect="(?<url>/turns/[^"]+)""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex StreamUrl();

    [GeneratedRegex(@"(?<version>v1\.0\.\d+)/\d+", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Shown();
}
