using System.Text.Json;
using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Core.Tests.Chat;

public sealed class TurnTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task An_answer_is_stored_with_what_it_took(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        kernel.Upstream.Enqueue(new UpstreamReply { Tokens = 5, Reasoning = 2 });

        var turn = await kernel.AskAsync("Hello");

        Assert.Equal(TurnState.Complete, turn.State);
        Assert.Equal(["Hello", "w3 w4 w5 "], await kernel.ShownAsync(turn.ConversationId));
        Assert.Equal((7, 5, false), (turn.InputTokens, turn.OutputTokens, turn.TokensEstimated));
        Assert.NotNull(turn.ReasoningMilliseconds);
        Assert.True(turn.CreatedAt <= turn.StartedAt && turn.StartedAt <= turn.FirstTokenAt && turn.FirstTokenAt <= turn.EndedAt);
    }

    [EachDatabase]
    public async Task The_question_is_on_disk_before_the_model_is_called(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        kernel.Upstream.Enqueue(new UpstreamReply { Hang = UpstreamHang.BeforeHeaders });

        var turn = await kernel.SendAsync("Am I safe?");
        await kernel.Upstream.NextRequestAsync(Token);

        Assert.Equal(["Am I safe?", ""], await kernel.ShownAsync(turn.ConversationId));
        await kernel.Turns.StopAsync(ChatKernel.Ana, turn.Id, Token);
    }

    [EachDatabase]
    public async Task Sending_a_message_many_times_at_once_is_one_turn(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var id = Guid.CreateVersion7();

        var turns = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => kernel.SendAsync("Once", clientMessageId: id)));

        var turn = Assert.Single(turns.Select(turn => turn.Id).Distinct());
        await kernel.EndOfAsync(turns[0]);
        Assert.Single(kernel.Upstream.Requests);
        Assert.Equal(2, (await kernel.ShownAsync(turns[0].ConversationId)).Count);
        Assert.Equal(turn, (await kernel.SendAsync("Once", clientMessageId: id)).Id);
    }

    [EachDatabase]
    public async Task Stopping_keeps_what_had_come_and_closes_the_services_socket(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        kernel.Upstream.Enqueue(new UpstreamReply { Tokens = 50, HoldAfter = 3 });
        var turn = await kernel.SendAsync("Count");
        var request = await kernel.Upstream.NextRequestAsync(Token);
        await kernel.WrittenAsync(turn, "w1 w2 w3 ".Length);

        await kernel.Turns.StopAsync(ChatKernel.Ana, turn.Id, Token);

        await request.Disconnected.WaitAsync(TimeSpan.FromSeconds(2), Token);
        Assert.Equal(TurnState.Stopped, (await kernel.Turns.FindAsync(ChatKernel.Ana, turn.Id, Token))!.State);
        Assert.Equal(["Count", "w1 w2 w3 "], await kernel.ShownAsync(turn.ConversationId));
    }

    [EachDatabase]
    public async Task A_chat_that_answers_takes_no_second_message_and_says_so(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        kernel.Upstream.Enqueue(new UpstreamReply { HoldAfter = 1 });
        var turn = await kernel.SendAsync("First");

        var refused = await Assert.ThrowsAsync<RejectedException>(() => kernel.SendAsync("Second", turn.ConversationId));

        Assert.Equal("chat.busy", refused.Code);
        await kernel.WrittenAsync(turn, 1);
        kernel.Upstream.Release();
        await kernel.EndOfAsync(turn);
        Assert.Equal(TurnState.Complete, (await kernel.AskAsync("Second", turn.ConversationId)).State);
    }

    public static TheoryData<UpstreamReply, TurnState, string, string> BadEnds => new()
    {
        { new UpstreamReply { Tokens = 5, FinishReason = null }, TurnState.Interrupted, "stream.unfinished", "w1 w2 w3 w4 w5 " },
        { new UpstreamReply { Tokens = 5, CutAfter = 2 }, TurnState.Interrupted, "provider.connectionLost", "w1 w2 " },
        { new UpstreamReply { Tokens = 0 }, TurnState.Failed, "answer.empty", "" },
        { new UpstreamReply { Tokens = 3, FinishReason = "content_filter" }, TurnState.Failed, "provider.contentRefused", "w1 w2 w3 " },
        { new UpstreamReply { Status = 401 }, TurnState.Failed, "provider.unauthorized", "" },
        { new UpstreamReply { Status = 404, ErrorCode = "model_not_found" }, TurnState.Failed, "provider.modelNotFound", "" },
        { UpstreamReply.Html, TurnState.Failed, "provider.unexpectedFormat", "" },
        { new UpstreamReply { Tokens = 5, GarbageAfter = 2 }, TurnState.Interrupted, "provider.brokenFormat", "w1 w2 " },
        { new UpstreamReply { HugeLine = 2_000_000 }, TurnState.Failed, "provider.streamTooLarge", "" },
    };

    [Theory]
    [MemberData(nameof(BadEnds))]
    public async Task Whatever_goes_wrong_has_its_own_end_and_keeps_what_had_come(UpstreamReply reply, TurnState state, string code, string text)
    {
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Sqlite);
        kernel.Upstream.Enqueue(reply);

        var turn = await kernel.AskAsync("Go");

        Assert.Equal((state, code), (turn.State, turn.FailureCode));
        Assert.Equal(["Go", text], await kernel.ShownAsync(turn.ConversationId));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_service_in_trouble_is_asked_again_at_most_twice_and_each_call_is_in_the_trace(int status)
    {
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Sqlite);
        kernel.Upstream.Enqueue(
            new UpstreamReply { Status = status, RetryAfter = 0 }, new UpstreamReply { Status = status, RetryAfter = 0 }, new UpstreamReply { Tokens = 2 },
            new UpstreamReply { Status = status, RetryAfter = 0 }, new UpstreamReply { Status = status, RetryAfter = 0 }, new UpstreamReply { Status = status, RetryAfter = 0 });

        var answered = await kernel.AskAsync("First");
        var given = await kernel.AskAsync("Second", answered.ConversationId);

        Assert.Equal((TurnState.Complete, TurnState.Failed), (answered.State, given.State));
        Assert.Equal(6, kernel.Upstream.Requests.Count);
        var attempts = JsonDocument.Parse((await kernel.Turns.TraceAsync(ChatKernel.Ana, answered.Id, Token))!.Attempts).RootElement;
        Assert.Equal([status, status, null], attempts.EnumerateArray().Select(attempt => attempt.GetProperty("statusCode") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : (int?)null));
    }

    [Fact]
    public async Task Nothing_is_asked_again_after_the_first_token()
    {
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Sqlite);
        kernel.Upstream.Enqueue(new UpstreamReply { Tokens = 9, ErrorAfter = 1 });

        var turn = await kernel.AskAsync("Once only");

        Assert.Equal(TurnState.Failed, turn.State);
        Assert.Single(kernel.Upstream.Requests);
    }

    [Theory]
    [InlineData(UpstreamHang.BeforeHeaders, null, "timeout.firstToken", TurnState.Failed)]
    [InlineData(UpstreamHang.AfterHeaders, null, "timeout.firstToken", TurnState.Failed)]
    [InlineData(UpstreamHang.None, 2, "timeout.betweenTokens", TurnState.Interrupted)]
    public async Task A_silent_service_is_given_up(UpstreamHang hang, int? stallAfter, string code, TurnState state)
    {
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Sqlite);
        await kernel.LimitTimeAsync(new TimeLimits(FirstTokenSeconds: stallAfter is null ? 1 : 60, BetweenTokensSeconds: 1));
        kernel.Upstream.Enqueue(new UpstreamReply { Hang = hang, StallAfter = stallAfter });

        var turn = await kernel.AskAsync("Are you there?");

        Assert.Equal((state, code), (turn.State, turn.FailureCode));
    }

    [Fact]
    public async Task A_connection_that_was_removed_fails_the_turn_and_keeps_the_question()
    {
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Sqlite);
        await kernel.Get<Connections>().RemoveAsync(kernel.Model.ConnectionId, Token);

        var turn = await kernel.AskAsync("Anyone?");

        Assert.Equal(TurnState.Failed, turn.State);
        Assert.Equal(["Anyone?", ""], await kernel.ShownAsync(turn.ConversationId));
    }

    [EachDatabase]
    public async Task The_trace_holds_the_prompt_exactly_as_it_was_sent(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var turn = await kernel.EndOfAsync(await kernel.SendAsync(
            new NewMessage(null, "Olá, \"você\" <b>", Guid.CreateVersion7(), kernel.Model, "request", new ConversationSettings(0.5, 100, "Be brief.", null))));

        var trace = (await kernel.Turns.TraceAsync(ChatKernel.Ana, turn.Id, Token))!;

        var sent = kernel.Upstream.Requests[0];
        Assert.Equal(sent.Messages, JsonSerializer.Deserialize<TracedMessage[]>(trace.Prompt, JsonSerializerOptions.Web)!.Select(message => (message.Role, message.Text)));
        Assert.Equal((0.5, "Be brief."), (sent.Body.GetProperty("temperature").GetDouble(), sent.Messages[0].Text));
        Assert.Contains("\"temperature\":0.5", trace.Parameters, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [InlineData(null)]
    public async Task An_empty_message_is_refused(string? text)
    {
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Sqlite);

        Assert.Equal("message.empty", (await Assert.ThrowsAsync<RejectedException>(() => kernel.SendAsync(text!))).Code);
    }

    [EachDatabase]
    public async Task What_no_database_can_hold_is_taken_out_of_a_message(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);

        var turn = await kernel.AskAsync("a\0b \ud800 c\r\nd");

        Assert.Equal("ab \uFFFD c\nd", (await kernel.ShownAsync(turn.ConversationId))[0]);
    }

    [EachDatabase]
    public async Task Somebody_elses_chat_and_turn_are_not_there(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var turn = await kernel.AskAsync("Mine");
        var eve = Guid.CreateVersion7();

        Assert.Null(await kernel.Turns.FindAsync(eve, turn.Id, Token));
        Assert.Null(await kernel.Turns.TraceAsync(eve, turn.Id, Token));
        Assert.Null(await kernel.Messages.PageAsync(eve, turn.ConversationId, null, 10, Token));
        await Assert.ThrowsAsync<NotFoundException>(() => kernel.Turns.StopAsync(eve, turn.Id, Token));
        await Assert.ThrowsAsync<NotFoundException>(() => kernel.Turns.AskAsync(
            eve, new NewMessage(turn.ConversationId, "Let me in", Guid.CreateVersion7(), kernel.Model, "request"), Token));
        Assert.Single(kernel.Upstream.Requests);
    }
}
