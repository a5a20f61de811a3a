using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Proxy;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Hosting;

/// <summary>PostgreSQL goes away and comes back.</summary>
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private const string Sentence = "The database cannot be reached just now";

    private TestDatabase database = null!;
    private TcpProxy door = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        door = database.OpenProxy();
    }

    public async ValueTask DisposeAsync()
    {
        await door.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_starts_before_its_database_lives_says_so_and_begins_when_it_is_there()
    {
        var data = TestFolders.NewTemporary("data");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}") };
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        door.Shut();

        var start = ServerProcess.StartAsync(
            database, data, [KeyValuePair.Create("CALANGO_POSTGRES", (string?)database.ThroughProxy(door)), KeyValuePair.Create("CALANGO_URLS", (string?)http.BaseAddress.ToString())]);
        await Eventually.HoldsAsync("the server lives", async () => await StatusAsync(http, "/health/live") == HttpStatusCode.OK, Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, "/health/ready"));
        using var page = await http.GetAsync("/", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.NotNull(page.Headers.RetryAfter);
        Assert.Contains(Sentence, await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.False(start.IsCompleted);

        door.Open();
        await using var server = await start;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/health/ready"));
        Assert.Single(server.Log, line => line.Contains("The database cannot be reached (", StringComparison.Ordinal));
        Assert.NotNull(await server.Visit().GetAsync("/", Cancelled));
        Assert.Equal(0, await server.TerminateAsync(Cancelled));
        TestFolders.Delete(data);
    }

    [Fact]
    public async Task A_message_that_cannot_be_stored_is_refused_with_a_sentence_and_can_be_sent_again()
    {
        await using var app = await StartAsync();
        using var ana = app.Visit();
        await ana.GetAsync("/", Cancelled);
        (string, string)[] message = [("Text", "Are you there?"), ("ClientMessageId", $"{Guid.CreateVersion7()}"), ("Model", app.Model.ToString())];

        door.Shut();
        using var refused = await ana.TryPostAsync("/messages", Cancelled, message);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains(Sentence, await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(ana.Http, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(ana.Http, "/health/live"));
        Assert.Empty(app.Upstream.Requests);

        door.Open();
        await Eventually.HoldsAsync("the server is ready again", async () => await StatusAsync(ana.Http, "/health/ready") == HttpStatusCode.OK, Cancelled);
        await ana.PostAsync("/messages", Cancelled, message);
        var chat = ana.Path;
        await Eventually.HoldsAsync("the answer is shown", async () => (await ana.GetAsync(chat, Cancelled)).QuerySelector("[aria-busy]") is null, Cancelled);
        Assert.Single((await ana.GetAsync(chat, Cancelled)).QuerySelectorAll(".message--question"));
        Assert.Single(app.Upstream.Requests, request => request.LastUserText == "Are you there?");
    }

    [Fact]
    public async Task An_answer_that_comes_while_the_database_is_away_is_kept_whole()
    {
        await using var app = await StartAsync();
        using var ana = app.Visit();
        app.Upstream.Enqueue(new UpstreamReply { Tokens = 40, HoldAfter = 10 });
        await ana.PostAsync("/messages", Cancelled, ("Text", "Count"), ("Model", app.Model.ToString()));
        var chat = ana.Path;
        var request = await app.Upstream.NextRequestAsync(Cancelled);
        await request.Held.WaitAsync(Cancelled);

        door.Shut();
        app.Upstream.Release();
        await request.Ended.WaitAsync(Cancelled);
        var sentAway = door.SentAway;
        await Eventually.HoldsAsync("its end was tried to store", () => Task.FromResult(door.SentAway >= sentAway + 3), Cancelled);
        door.Open();

        await Eventually.HoldsAsync("the whole answer is shown", async () =>
        {
            using var response = await ana.Http.GetAsync(chat, Cancelled);
            var page = await response.Content.ReadAsStringAsync(Cancelled);
            return page.Contains(UpstreamReply.WordsOf(40).Trim(), StringComparison.Ordinal) && !page.Contains("aria-busy", StringComparison.Ordinal);
        }, Cancelled);
    }

    private Task<TestApp> StartAsync() => TestApp.StartAsync(DatabaseKind.Postgres, settings: [KeyValuePair.Create("CALANGO_POSTGRES", (string?)database.ThroughProxy(door))]);

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, string path)
    {
        try
        {
            using var response = await http.GetAsync(path, Cancelled);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
