using System.Net;
using System.Text;
using System.Text.Json;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Web.Tests.Telemetry;

/// <summary>What a server tells the outside: that it is there, and that no secret is in it.</summary>
public sealed class ExportTests
{
    private const string Traces = "/v1/traces", Metrics = "/v1/metrics", Events = "/api/public/otel/v1/traces", NotStored = "The end of turn";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_collector_gets_a_span_for_each_turn_with_its_calls_and_queries_and_the_measurements()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await WatchedServer.StartAsync(key: "", password: "none", Cancelled);
        server.Upstream.Enqueue(new UpstreamReply { Status = 503, RetryAfter = 0 }, new UpstreamReply { Tokens = 20 });
        await server.AskAsync("Count", Cancelled);

        string[] spans =
        [
            "service.name", "calango", "chat fake", "attempt", "gen_ai.request.model", "gen_ai.usage.output_tokens", "calango.turn.id", "calango.request.id",
            "provider.serviceFailed", "db.operation.name", "UPDATE",
        ];
        string[] metrics =
        [
            "gen_ai.client.operation.duration", "gen_ai.client.operation.time_to_first_chunk", "gen_ai.client.token.usage", "calango.turn.ends",
            "calango.turn.output_rate", "calango.turn.queue.wait", "calango.turns.running", "calango.turns.queued", "db.client.operation.duration",
        ];
        foreach (var text in spans)
        {
            await server.Collector.WaitForAsync(Traces, text, Cancelled);
        }

        foreach (var text in metrics)
        {
            await server.Collector.WaitForAsync(Metrics, text, Cancelled);
        }
    }

    [Fact]
    public async Task A_title_is_a_span_of_its_own_and_names_the_turn()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await WatchedServer.StartAsync(key: "", password: "none", Cancelled);
        await server.Ana.PostAsync("/models/titles", Cancelled, ("_method", "PUT"), ("Mode", "SameModel"));
        server.Upstream.Enqueue(new UpstreamReply { Tokens = 20 }, new UpstreamReply { Text = "Counting" });
        await server.AskAsync("Count", Cancelled);

        // The exporter sends text as it is.
        await server.Collector.WaitForAsync(Traces, "calango.purpose\u0012\u0007\n\u0005title", Cancelled);
        Assert.DoesNotContain("Counting", server.Collector.Received(Traces), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_message_no_key_and_no_password_reaches_a_log_a_trace_or_a_metric_whatever_fails()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        string message = Canary(), key = Canary(), password = Canary();
        await using var server = await WatchedServer.StartAsync(key, password, Cancelled);
        await server.SendEventsAsync(key, seesText: false, Cancelled);
        var quotation = $"The key {key} is not known, and {message} is no question.";
        server.Upstream.Enqueue(
            new UpstreamReply { Text = $"You said {message}." },
            new UpstreamReply { Status = 401, ErrorMessage = quotation, ErrorCode = message },
            new UpstreamReply { Status = 400, ErrorMessage = quotation },
            new UpstreamReply { RawBody = Encoding.UTF8.GetBytes($"<html>{quotation}</html>"), RawContentType = "text/html" },
            new UpstreamReply { FinishReason = message },
            new UpstreamReply { Text = quotation, CutAfter = 3 });
        for (var i = 0; i < 6; i++)
        {
            await server.AskAsync($"{message} for {key}", Cancelled);
        }

        // Requests that are wrong in themselves.
        using var search = await server.Ana.Http.GetAsync($"/conversations?q={message}", Cancelled);
        using var nowhere = await server.Ana.Http.GetAsync($"/chat/{message}", Cancelled);
        using var malformed = await server.Ana.TryPostAsync("/messages", Cancelled, ("Text", message), ("Model", message), ("ClientMessageId", message));
        using var link = await server.Ana.Http.PostAsync($"/s/{key}", null, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, link.StatusCode);
        using var madeUp = await server.Ana.TryPostAsync("/messages", Cancelled, ("Text", message), ("Model", $"{Guid.CreateVersion7():N}/{message}"));
        await LoseDatabaseAsync(server, message);
        await server.RefuseMessagesAsync(Cancelled);
        using var refused = await server.Ana.TryPostAsync("/messages", Cancelled, ("Text", message), ("Model", server.Model));
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);

        var page = await server.Ana.MetricsAsync(Cancelled);
        await server.Process.TerminateAsync(Cancelled);

        // They went where they were meant to, and there is something to look at.
        Assert.Contains(server.Upstream.Requests, request => request.LastUserText.Contains(message, StringComparison.Ordinal));
        var told = new Dictionary<string, string>
        {
            ["log"] = string.Join('\n', server.Process.Log), [Traces] = server.Collector.Received(Traces), [Metrics] = server.Collector.Received(Metrics), ["/metrics"] = page,
            [Events] = server.Collector.Received(Events),
        };
        Assert.Contains("Npgsql.PostgresException", told["log"], StringComparison.Ordinal);
        Assert.Contains("provider.unauthorized", told[Traces], StringComparison.Ordinal);
        Assert.Contains("provider.unauthorized", told[Metrics], StringComparison.Ordinal);
        Assert.Contains("provider.unauthorized", told["/metrics"], StringComparison.Ordinal);
        Assert.Contains("provider.unauthorized", told[Events], StringComparison.Ordinal);
        foreach (var (where, text) in told)
        {
            Assert.True(!text.Contains(message, StringComparison.Ordinal), $"The message is in {where}.\n{text}");
            Assert.True(!text.Contains(key, StringComparison.Ordinal), $"The key is in {where}.\n{text}");
            Assert.True(!text.Contains(password, StringComparison.Ordinal), $"The password is in {where}.\n{text}");
        }
    }

    [Fact]
    public async Task What_a_sink_may_see_reaches_no_log_trace_or_metric_even_where_its_service_quotes_it()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        string message = Canary(), key = Canary();
        await using var server = await WatchedServer.StartAsync(key: "", password: "none", Cancelled);
        await server.SendEventsAsync(key, seesText: true, Cancelled);
        foreach (var status in new[] { 503, 400, 200 })
        {
            server.Collector.Answer = status == 200 ? null : new OtlpAnswer(status, $$"""{"message":"Not with {{key}}, and {{message}} is no event."}""", RetryAfter: "1");
            server.Upstream.Enqueue(new UpstreamReply { Text = $"You said {message}." });
            await server.AskAsync(message, Cancelled);
            await Eventually.HoldsAsync($"the answer {status} was heard", async () => status switch
            {
                503 => server.Process.Log.Any(line => line.Contains("cannot be delivered", StringComparison.Ordinal)),
                400 => (await MetricsAsync(server)).Contains("calango_sink_dropped_total{", StringComparison.Ordinal),
                _ => server.Collector.Received(Events).Contains(message, StringComparison.Ordinal),
            }, Cancelled);
        }

        var page = await MetricsAsync(server);
        await server.Process.TerminateAsync(Cancelled);

        Assert.Contains("sink.invalidRequest", page, StringComparison.Ordinal);
        Assert.All([string.Join('\n', server.Process.Log), server.Collector.Received(Traces), server.Collector.Received(Metrics), page], told =>
        {
            Assert.DoesNotContain(message, told, StringComparison.Ordinal);
            Assert.DoesNotContain(key, told, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_line_that_is_logged_in_a_turn_names_the_turn_and_its_request()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await WatchedServer.StartAsync(key: "", password: "none", Cancelled);
        await LoseDatabaseAsync(server, "Count");

        using var line = JsonDocument.Parse(server.Process.Log.First(line => line.Contains(NotStored, StringComparison.Ordinal)));
        var scope = line.RootElement.GetProperty("Scopes").EnumerateArray().Last();
        var turn = line.RootElement.GetProperty("State").GetProperty("TurnId").GetString();
        Assert.Equal(turn, scope.GetProperty("TurnId").GetString());
        // The connection's number and the request's in it.
        Assert.Matches("^[0-9A-Z]+:[0-9A-F]{8}$", scope.GetProperty("RequestId").GetString());
    }

    // The answer comes to its end while the database is away, so that its end cannot be stored; a message cannot either.
    private static async Task LoseDatabaseAsync(WatchedServer server, string message)
    {
        server.Upstream.Enqueue(new UpstreamReply { HoldAfter = 10 });
        await server.Ana.PostAsync("/messages", Cancelled, ("Text", message), ("Model", server.Model));
        var chat = server.Ana.Path;
        await Eventually.HoldsAsync("the answer is held", () => Task.FromResult(server.Upstream.Requests is [.., { Held.IsCompleted: true }]), Cancelled);
        server.Door.Shut();
        server.Upstream.Release();
        using var refused = await server.Ana.TryPostAsync("/messages", Cancelled, ("Text", message), ("Model", server.Model));
        await Eventually.HoldsAsync(
            "the end could not be stored", () => Task.FromResult(server.Process.Log.Any(line => line.Contains(NotStored, StringComparison.Ordinal))), Cancelled);
        server.Door.Open();
        await server.AnsweredAsync(chat, Cancelled);
    }

    private static Task<string> MetricsAsync(WatchedServer server) => server.Ana.MetricsAsync(Cancelled);

    private static string Canary() => $"canary{Guid.CreateVersion7():N}";
}
