using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Api;

namespace Calango.Web.Tests.Security;

/// <summary>Streams that somebody opens who may not, or far too many of them.</summary>
public sealed class StreamAbuseTests : IAsyncLifetime
{
    private ApiServer _server = null!;
    private string _stream = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        _server.App.Upstream.Enqueue(new UpstreamReply { Text = "Lizards sleep.", HoldAfter = 1 });
        await _server.Owner.GetAsync("/", Cancelled);
        var chat = await _server.Owner.PostAsync("/messages", Cancelled, ("Text", "Where?"), ("Model", _server.App.Model.ToString()));
        _stream = chat.QuerySelector("[sse-connect]")!.GetAttribute("sse-connect")!;
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    [Fact]
    public async Task Z02_an_answer_is_streamed_to_whose_it_is_alone_and_no_more_after_they_have_signed_out()
    {
        using var bruno = await _server.InviteAsync("bruno@example.org");
        using var stranger = _server.App.VisitAsStranger();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_server.Owner));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(bruno));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(bruno, resumedAt: "1"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stranger));

        var session = _server.Owner.Session;
        var account = await _server.Owner.GetAsync("/account", Cancelled);
        await _server.Owner.PostAsync(account.QuerySelector("button[formaction^='/account/sessions/']")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));
        using var old = new Visitor(_server.App.Address, session);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(old));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(old, resumedAt: "1"));
    }

    [Fact]
    public async Task D05_whoever_opens_hundreds_of_streams_is_given_a_hundred_and_others_go_on()
    {
        using var bruno = await _server.InviteAsync("bruno@example.org");
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => OpenAsync(_server.Owner)));

        Assert.Equal(100, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.Equal(400, refused.Count);
        Assert.Contains("as many as one may", await refused[0].Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        await bruno.GetAsync("/", Cancelled);
        await bruno.PostAsync("/messages", Cancelled, ("Text", "And where?"), ("Model", _server.App.Model.ToString()));

        // A place that is given back is another's.
        foreach (var answer in answers)
        {
            answer.Dispose();
        }

        await Eventually.HoldsAsync("a stream can be opened again", async () => await StatusAsync(_server.Owner) == HttpStatusCode.OK, Cancelled);
    }

    private async Task<HttpStatusCode> StatusAsync(Visitor visitor, string? resumedAt = null)
    {
        using var answer = await OpenAsync(visitor, resumedAt);
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> OpenAsync(Visitor visitor, string? resumedAt = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _stream);
        if (resumedAt is not null)
        {
            request.Headers.Add("Last-Event-ID", resumedAt);
        }

        return visitor.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
    }
}
