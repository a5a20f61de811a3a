using System.Net;
using System.Net.ServerSentEvents;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Calango.Faults.Tests;

/// <summary>
/// A page that follows one answer as the page's own script does: puts in what comes, block by block, by id; remembers the
/// last event; comes back where it was.
/// </summary>
internal sealed class PageReader
{
    private readonly HttpClient _http;
    private readonly IHtmlDocument _page;
    private readonly List<(long At, int Words)> _arrivals = [];
    private readonly Lock _lock = new();
    private IElement _article;
    private string? _lastId;
    private long _diedAt;

    public PageReader(HttpClient http, IHtmlDocument page)
    {
        (_http, _page) = (http, page);
        _article = page.QuerySelectorAll(".message--answer").Last();
        TurnId = Guid.Parse(_article.Id!["message-".Length..]);
        ConversationId = Guid.Parse(page.QuerySelector("[data-chat]")!.GetAttribute("data-chat")!);
        Note();
    }

    /// <summary>The turn that is followed.</summary>
    public Guid TurnId { get; }

    /// <summary>Its chat.</summary>
    public Guid ConversationId { get; }

    /// <summary>The turn's state as last seen.</summary>
    public string State => _article.GetAttribute("data-state") ?? "";

    /// <summary>The page knows that the answer is over.</summary>
    public bool HasEnded => _article.GetAttribute("sse-connect") is null;

    /// <summary>The server was killed while this page followed.</summary>
    public bool WasCut => _diedAt != 0;

    /// <summary>Events received.</summary>
    public int Events { get; private set; }

    /// <summary>What the line below the answer has said, each once, oldest first.</summary>
    public List<string> Progress { get; } = [];

    /// <summary>The last event seen; null: none since the page was rendered.</summary>
    public long? LastId => _lastId is null ? null : long.Parse(_lastId);

    /// <summary>Why the answer did not end as it should, in a person's words; empty: nothing is said.</summary>
    public string FailureText => _article.QuerySelector("[data-failure]")?.TextContent.Trim() ?? "";

    /// <summary>What a person reads, exact within each block.</summary>
    public string Text => TextOf(_article);

    /// <summary>What a person reads of the model's thoughts.</summary>
    public string Reasoning => _article.QuerySelector("[data-reasoning-text]")!.TextContent;

    /// <summary>The text of an answer's article, exact within each block.</summary>
    public static string TextOf(IElement article) =>
        string.Join('\n', article.QuerySelector("[data-answer]")!.Children.Select(block => block.TextContent));

    /// <summary>How many words a text has.</summary>
    public static int WordsOf(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Follows from where the page is until the answer ends, the stream breaks, or there is enough.</summary>
    /// <param name="enough">Asked after each event.</param>
    /// <param name="goBack">Resumes so many events earlier than it need, as a page rendered a moment ago does.</param>
    /// <param name="freshSource">Puts the last event into the address instead of into Last-Event-ID.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task FollowAsync(Func<bool>? enough = null, int goBack = 0, bool freshSource = false, CancellationToken cancellationToken = default)
    {
        if (HasEnded)
        {
            return;
        }

        try
        {
            using var request = Request(goBack, freshSource);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NoContent)
            {
                await ReloadAsync(cancellationToken);
                return;
            }

            response.EnsureSuccessStatusCode();
            var events = SseParser.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
            await foreach (var item in events.EnumerateAsync(cancellationToken))
            {
                Take(item.EventType, item.Data);
                _lastId = events.LastEventId is { Length: > 0 } id ? id : _lastId;
                if (HasEnded || enough?.Invoke() == true)
                {
                    return;
                }
            }
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException { StatusCode: null or HttpStatusCode.ServiceUnavailable })
        {
            // The page keeps what it has; whoever drives it decides whether it comes back.
        }
    }

    /// <summary>Follows until the answer is over, coming back however often that takes.</summary>
    public async Task FollowToTheEndAsync(CancellationToken cancellationToken)
    {
        while (!HasEnded)
        {
            await FollowAsync(cancellationToken: cancellationToken);
        }
    }

    /// <summary>Shows the answer anew, as the server has it now.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_article.GetAttribute("data-url")}");
        request.Headers.Add("HX-Request", "true");
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var fresh = Elements(await response.Content.ReadAsStringAsync(cancellationToken)).First(element => element.Id == _article.Id);
        _article.Replace(fresh);
        (_article, _lastId) = (fresh, null);
        Note();
    }

    /// <summary>The server is killed now.</summary>
    public void ServerDies()
    {
        lock (_lock)
        {
            _diedAt = TimeProvider.System.GetTimestamp();
        }
    }

    /// <summary>What a stored answer lacks of what was shown when the server was killed: how many words, and for how long they had been shown.</summary>
    public (int Words, TimeSpan Age) LostFrom(string stored)
    {
        lock (_lock)
        {
            var words = WordsOf(stored);
            var shown = _arrivals.LastOrDefault(arrival => arrival.At <= _diedAt).Words;
            var lost = _arrivals.Find(arrival => arrival.Words > words);
            return shown <= words ? (0, TimeSpan.Zero) : (shown - words, TimeProvider.System.GetElapsedTime(lost.At, _diedAt));
        }
    }

    private HttpRequestMessage Request(int goBack, bool freshSource)
    {
        var address = _article.GetAttribute("sse-connect")!;
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (LastId is not { } last)
        {
            return request;
        }

        if (freshSource || goBack > 0)
        {
            var rendered = long.Parse(address[(address.LastIndexOf('=') + 1)..]);
            var after = Math.Max(rendered, last - goBack);
            request.RequestUri = new Uri($"{address[..address.LastIndexOf('=')]}={after}", UriKind.Relative);
        }
        else
        {
            request.Headers.Add("Last-Event-ID", _lastId);
        }

        return request;
    }

    private void Take(string type, string data)
    {
        Events++;
        switch (type)
        {
            case "progress":
                Progress.Add(data[(data.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
                break;
            case "reasoning":
                TakeReasoning(data);
                break;
            case "block":
                TakeBlocks(data);
                Note();
                break;
            case "end":
                TakeEnd(data);
                break;
        }
    }

    private void TakeReasoning(string data)
    {
        var end = data.IndexOf('\n', StringComparison.Ordinal);
        var place = _article.QuerySelector("[data-reasoning-text]")!;
        place.TextContent = place.TextContent[..int.Parse(data[..end])] + data[(end + 1)..];
    }

    private void TakeBlocks(string data)
    {
        foreach (var element in Elements(data))
        {
            if (element is IHtmlTemplateElement template && template.GetAttribute("data-into") is { } parent)
            {
                var place = _page.GetElementById(parent);
                foreach (var child in template.Content.Children.ToList())
                {
                    Put(child, place);
                }
            }
            else
            {
                Put(element, _article.QuerySelector("[data-answer]"));
            }
        }
    }

    // The blocks stay as the stream has made them; only what stands around them is new.
    private void TakeEnd(string data)
    {
        var ended = Elements(data).FirstOrDefault(element => element.Id == _article.Id);
        if (ended is null)
        {
            return; // the chat was deleted meanwhile
        }

        ended.QuerySelector("[data-answer]")!.Replace(_article.QuerySelector("[data-answer]")!);
        _article.Replace(ended);
        _article = ended;
    }

    private void Put(IElement element, IElement? parent)
    {
        if (_page.GetElementById(element.Id!) is { } before)
        {
            before.Replace(element);
        }
        else
        {
            parent?.Append(element);
        }
    }

    private List<IElement> Elements(string html) => [.. new HtmlParser().ParseFragment(html, _page.Body!).OfType<IElement>()];

    private void Note()
    {
        lock (_lock)
        {
            _arrivals.Add((TimeProvider.System.GetTimestamp(), WordsOf(Text)));
        }
    }
}
