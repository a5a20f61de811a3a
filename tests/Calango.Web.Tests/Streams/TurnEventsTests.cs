using System.Net;
using System.Net.ServerSentEvents;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Streams;

public sealed class TurnEventsTests : IAsyncLifetime
{
    private TestApp app = null!;
    private Visitor ana = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync();
        ana = app.Visit();
    }

    public async ValueTask DisposeAsync()
    {
        ana.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_ends_with_the_whole_message()
    {
        var connect = await AskAsync("[[n=40 r=200]]");
        var events = await ReadAsync(connect);

        Assert.Equal("end", events[^1].EventType);
        Assert.Contains("message--answer", events[^1].Data, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", events[^1].Data, StringComparison.Ordinal);
        Assert.Contains(events, item => item.EventType == "block");
    }

    [Fact]
    public async Task Two_readers_see_the_same_blocks()
    {
        var connect = await AskAsync("[[n=60 r=100]]");
        var readers = await Task.WhenAll(ReadAsync(connect), ReadAsync(connect));

        Assert.Equal(LastBlock(readers[0]), LastBlock(readers[1]));
    }

    [Fact]
    public async Task A_stream_goes_on_where_it_broke()
    {
        var connect = await AskAsync("[[n=60 r=100]]");
        var whole = ReadAsync(connect);
        var first = await ReadAsync(connect, stopAfter: 6);
        var rest = await ReadAsync(connect, lastEventId: first[^1].EventId);

        Assert.Equal("end", rest[^1].EventType);
        Assert.Equal(LastBlock(await whole), LastBlock(rest));
        Assert.True(rest.Count < (await whole).Count);
    }

    [Fact]
    public async Task An_ended_turn_has_no_stream()
    {
        var chat = await ana.PostAsync("/messages", Cancelled, ("Text", "[[n=2]]"), ("Model", app.Model.ToString()));
        var turn = chat.QuerySelector(".message--answer")!.Id!["message-".Length..];

        await Eventually.HoldsAsync("the log is gone", async () =>
        {
            using var response = await ana.Http.GetAsync($"/turns/{turn}/events", HttpCompletionOption.ResponseHeadersRead, Cancelled);
            return response.StatusCode == HttpStatusCode.NoContent;
        }, Cancelled);
    }

    private async Task<string> AskAsync(string text)
    {
        var chat = await ana.PostAsync("/messages", Cancelled, ("Text", text), ("Model", app.Model.ToString()));
        return chat.QuerySelector("[sse-connect]")!.GetAttribute("sse-connect")!;
    }

    private async Task<List<SseItem<string>>> ReadAsync(string connect, int stopAfter = int.MaxValue, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, connect);
        request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        using var response = await ana.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = new List<SseItem<string>>();
        var parser = SseParser.Create(await response.Content.ReadAsStreamAsync(Cancelled));
        await foreach (var item in parser.EnumerateAsync(Cancelled))
        {
            events.Add(new SseItem<string>(item.Data, item.EventType) { EventId = parser.LastEventId });
            if (events.Count == stopAfter)
            {
                break;
            }
        }

        return events;
    }

    private static string LastBlock(List<SseItem<string>> events) => events.Last(item => item.EventType == "block").Data;
}
