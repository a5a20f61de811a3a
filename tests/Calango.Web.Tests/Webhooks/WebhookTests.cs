using System.Net;
using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Tests.Support.Webhooks;
using Calango.Web.Tests.Identity;

namespace Calango.Web.Tests.Webhooks;

/// <summary>Webhooks as people and their programs meet them.</summary>
public sealed class WebhookTests
{
    private const string Question = "Where does the canary sleep?", Answer = "The canary sleeps in the sun.";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_turn_that_has_ended_is_told_signed_without_a_word_of_it_and_can_be_told_again(DatabaseKind kind)
    {
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        await using var app = await StartAsync(kind, receiver);
        app.Upstream.Default = new UpstreamReply { Text = Answer, Usage = true };
        using var ana = app.Visit();
        var (page, secret) = await AddAsync(ana, receiver);
        Assert.DoesNotContain(secret, (await ana.GetAsync("/account/webhooks", Cancelled)).DocumentElement.OuterHtml, StringComparison.Ordinal);

        var chat = await ana.PostAsync("/messages", Cancelled, ("Text", Question), ("Model", app.Model.ToString()));

        var message = await ReceivedAsync(receiver, 1);
        Assert.True(message.IsSignedWith(secret, TimeProvider.System.GetUtcNow()));
        Assert.Equal("turn.ended", JsonElement.Parse(message.Body).GetProperty("type").GetString());
        var data = message.Data;
        Assert.Equal(("complete", "fake", false), (data.GetProperty("state").GetString(), data.GetProperty("model").GetString(), data.GetProperty("tokensEstimated").GetBoolean()));
        Assert.True(data.GetProperty("outputTokens").GetInt32() > 0);
        Assert.Contains(data.GetProperty("id").GetString()!, chat.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", message.Body, StringComparison.Ordinal);

        var row = await RowAsync(ana, page, "Taken: ");
        Assert.Contains("Complete, fake", LoginSite.Words(row.TextContent), StringComparison.Ordinal);
        await ana.PostAsync(row.QuerySelector("button")!.GetAttribute("formaction")!, Cancelled);
        Assert.Equal(page, ana.Path);
        Assert.Equal(message.Id, (await ReceivedAsync(receiver, 2)).Id);

        await ana.PostAsync(page, Cancelled, ("_method", "DELETE"));
        Assert.Empty((await ana.GetAsync("/account/webhooks", Cancelled)).QuerySelectorAll("#webhooks li"));
    }

    [EachDatabase]
    public async Task A_turn_that_failed_or_was_stopped_is_told_as_well_and_a_receiver_that_fails_is_shown_with_what_it_answered(DatabaseKind kind)
    {
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        receiver.Answer = number => number == 1 ? 500 : 200;
        await using var app = await StartAsync(kind, receiver);
        using var ana = app.Visit();
        var (page, _) = await AddAsync(ana, receiver);
        app.Upstream.Enqueue(new UpstreamReply { Status = 400, ErrorMessage = "no" });

        await ana.PostAsync("/messages", Cancelled, ("Text", Question), ("Model", app.Model.ToString()));

        var failed = (await ReceivedAsync(receiver, 1)).Data;
        Assert.Equal("failed", failed.GetProperty("state").GetString());
        Assert.NotEmpty(failed.GetProperty("failureCode").GetString()!);
        var row = await RowAsync(ana, page, "It answered 500.");
        Assert.Contains("Next try: ", row.TextContent, StringComparison.Ordinal);
        await ana.PostAsync(row.QuerySelector("button")!.GetAttribute("formaction")!, Cancelled);
        Assert.Equal(receiver.Received[0].Id, (await ReceivedAsync(receiver, 2)).Id);
        await RowAsync(ana, page, "Taken: ");

        app.Upstream.Enqueue(new UpstreamReply { Text = Answer, HoldAfter = 1 });
        var chat = await ana.PostAsync("/messages", Cancelled, ("Text", Question), ("Model", app.Model.ToString()));
        await ana.PostAsync(chat.QuerySelector("button[formaction$='/stop']")!.GetAttribute("formaction")!, Cancelled);
        Assert.Equal("stopped", (await ReceivedAsync(receiver, 3)).Data.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000/hook")]
    [InlineData("https://127.0.0.1/hook")]
    [InlineData("https://localhost/hook")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://[::ffff:10.0.0.1]/hook")]
    [InlineData("http://8.8.8.8/hook")]
    [InlineData("not an address")]
    public async Task On_a_server_no_webhook_leads_into_its_own_network(string address)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        using var ana = app.Visit();
        await ana.GetAsync("/account/webhooks", Cancelled);

        using var answer = await ana.TryPostAsync("/account/webhooks", Cancelled, ("Address", address));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await Reading.PageAsync(answer, Cancelled);
        Assert.NotNull(page.QuerySelector("#field-address-error"));
        Assert.Equal(address, page.QuerySelector("#field-address")!.GetAttribute("value"));
        Assert.Empty(page.QuerySelectorAll("#webhooks li"));
    }

    [Fact]
    public async Task Nobody_sees_sends_or_removes_what_is_somebody_elses()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        await using var app = await StartAsync(DatabaseKind.Postgres, receiver);
        using var ana = app.Visit();
        var (page, _) = await AddAsync(ana, receiver);
        Assert.StartsWith("Made a webhook 127.0.0.1 Ana", LoginSite.Words((await ana.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit li")!.TextContent), StringComparison.Ordinal);
        await ana.PostAsync("/messages", Cancelled, ("Text", Question), ("Model", app.Model.ToString()));
        await ReceivedAsync(receiver, 1);
        var again = (await RowAsync(ana, page, "Taken: ")).QuerySelector("button")!.GetAttribute("formaction")!;
        using var bruno = app.VisitAsStranger();
        await bruno.AcceptAsync(await ana.InviteAsync("bruno@example.org", cancellationToken: Cancelled), cancellationToken: Cancelled);
        await bruno.PostAsync("/messages", Cancelled, ("Text", "Mine"), ("Model", app.Model.ToString()));

        using var read = await bruno.Http.GetAsync(page, Cancelled);
        using var sent = await bruno.TryPostAsync(again, Cancelled);
        using var removed = await bruno.TryPostAsync(page, Cancelled, ("_method", "DELETE"));

        Assert.All((HttpResponseMessage[])[read, sent, removed], answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.Single(receiver.Received);
    }

    private static Task<TestApp> StartAsync(DatabaseKind kind, WebhookReceiver receiver) =>
        TestApp.StartAsync(kind, settings: kind == DatabaseKind.Sqlite ? null : [KeyValuePair.Create("CALANGO_WEB_ALLOWEDHOSTS", (string?)receiver.Address.Authority)]);

    internal static async Task<(string Page, string Secret)> AddAsync(Visitor visitor, WebhookReceiver receiver)
    {
        await visitor.GetAsync("/account/webhooks", Cancelled);
        var made = await visitor.PostAsync("/account/webhooks", Cancelled, ("Address", receiver.Address.ToString()));
        return (made.QuerySelector("#webhooks li a")!.GetAttribute("href")!, made.QuerySelector("#webhook-secret")!.GetAttribute("value")!);
    }

    internal static async Task<WebhookMessage> ReceivedAsync(WebhookReceiver receiver, int count)
    {
        await Eventually.HoldsAsync($"{count} messages have come", () => Task.FromResult(receiver.Received.Count == count), Cancelled);
        return receiver.Received[^1];
    }

    private static async Task<AngleSharp.Dom.IElement> RowAsync(Visitor visitor, string page, string says)
    {
        AngleSharp.Dom.IElement? row = null;
        await Eventually.HoldsAsync(
            $"the message says {says}",
            async () => (row = (await visitor.GetAsync(page, Cancelled)).QuerySelector("#messages li"))?.TextContent.Contains(says, StringComparison.Ordinal) == true,
            Cancelled);
        return row!;
    }
}
