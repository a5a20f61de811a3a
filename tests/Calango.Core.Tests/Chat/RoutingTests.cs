using System.Text.Json;
using Calango.Core.Chat;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Core.Tests.Chat;

/// <summary>Whom a turn asks when the model that was wanted is busy, broken or one of several.</summary>
public sealed class RoutingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Another_model_answers_for_one_that_cannot_and_the_answer_names_both(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        await using var other = await ScriptedUpstream.StartAsync();
        await FallBackToAsync(kernel, await ConnectAsync(kernel, other, "Other", "gecko-small"));
        kernel.Upstream.Enqueue(new UpstreamReply { Status = 401 });

        var turn = await kernel.AskAsync("Who is there?");

        Assert.Equal((TurnState.Complete, "gecko-small", "fake"), (turn.State, turn.ModelName, turn.InsteadOf));
        Assert.Equal("gecko-small", Assert.Single(other.Requests).Model);
        var trace = await kernel.Turns.TraceAsync(ChatKernel.Ana, turn.Id, Token);
        Assert.Equal([("fake", "Scripted", "provider.unauthorized"), ("gecko-small", "Other", "ok")], AttemptsOf(trace!));
        Assert.Contains("gecko-small", trace!.Parameters, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task Where_nobody_can_answer_the_reason_is_that_of_the_model_that_was_wanted(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        await using var other = await ScriptedUpstream.StartAsync();
        await FallBackToAsync(kernel, await ConnectAsync(kernel, other, "Other", "gecko-small"));
        kernel.Upstream.Enqueue(new UpstreamReply { Status = 402 });
        other.Enqueue(new UpstreamReply { Status = 401 });

        var turn = await kernel.AskAsync("Who is there?");

        Assert.Equal((TurnState.Failed, "provider.paymentRequired", "fake", null), (turn.State, turn.FailureCode, turn.ModelName, turn.InsteadOf));
        Assert.Single(other.Requests);
    }

    [EachDatabase]
    public async Task After_the_first_token_nobody_else_is_asked(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        await using var other = await ScriptedUpstream.StartAsync();
        await FallBackToAsync(kernel, await ConnectAsync(kernel, other, "Other", "gecko-small"));
        kernel.Upstream.Enqueue(new UpstreamReply { Tokens = 20, CutAfter = 3 });

        var turn = await kernel.AskAsync("Count");

        Assert.Equal((TurnState.Interrupted, "fake"), (turn.State, turn.ModelName));
        Assert.Empty(other.Requests);
    }

    [EachDatabase]
    public async Task What_one_service_refuses_for_its_content_is_not_carried_to_another(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        await using var other = await ScriptedUpstream.StartAsync();
        await FallBackToAsync(kernel, await ConnectAsync(kernel, other, "Other", "gecko-small"));
        kernel.Upstream.Enqueue(new UpstreamReply { Status = 400, ErrorCode = "content_filter" });

        var turn = await kernel.AskAsync("Something bad");

        Assert.Equal((TurnState.Failed, "provider.contentRefused"), (turn.State, turn.FailureCode));
        Assert.Empty(other.Requests);
    }

    [EachDatabase]
    public async Task A_service_that_is_silent_too_long_is_answered_for(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        await kernel.LimitTimeAsync(new TimeLimits(FirstTokenSeconds: 1));
        await using var other = await ScriptedUpstream.StartAsync();
        await FallBackToAsync(kernel, await ConnectAsync(kernel, other, "Other", "gecko-small"));
        kernel.Upstream.Enqueue(new UpstreamReply { Hang = UpstreamHang.BeforeHeaders });

        var turn = await kernel.AskAsync("Are you there?");

        Assert.Equal((TurnState.Complete, "gecko-small", "fake"), (turn.State, turn.ModelName, turn.InsteadOf));
    }

    [EachDatabase]
    public async Task A_service_that_fails_again_and_again_is_not_asked_for_a_while(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        kernel.Upstream.Enqueue([.. Enumerable.Repeat(new UpstreamReply { Status = 503, RetryAfter = 0 }, 20)]);
        await kernel.AskAsync("One");
        await kernel.AskAsync("Two");
        var asked = kernel.Upstream.Requests.Count;

        var spared = await kernel.AskAsync("Three");

        Assert.Equal((TurnState.Failed, "connection.paused"), (spared.State, spared.FailureCode));
        Assert.Equal(asked, kernel.Upstream.Requests.Count);
        await using var other = await ScriptedUpstream.StartAsync();
        await FallBackToAsync(kernel, await ConnectAsync(kernel, other, "Other", "gecko-small"));
        Assert.Equal("gecko-small", (await kernel.AskAsync("Four")).ModelName);
        Assert.Equal(asked, kernel.Upstream.Requests.Count);
    }

    [EachDatabase]
    public async Task Turns_beyond_a_connections_limit_wait_in_line_and_see_their_place(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        await LimitLoadAsync(kernel, kernel.Model, new ConnectionLoad(MaxConcurrent: 1));
        kernel.Upstream.Enqueue(new UpstreamReply { Tokens = 3, HoldAfter = 1 });
        var first = await kernel.SendAsync("First");
        await kernel.Upstream.NextRequestAsync(Token);

        var second = await kernel.SendAsync("Second");
        await ReportsAsync(kernel, second, progress => progress is { Phase: TurnPhase.Queued, QueuePlace: 1 });
        var third = await kernel.SendAsync("Third");
        await ReportsAsync(kernel, third, progress => progress is { Phase: TurnPhase.Queued, QueuePlace: 2 });
        await kernel.Turns.StopAsync(ChatKernel.Ana, second.Id, Token);
        await ReportsAsync(kernel, third, progress => progress is { Phase: TurnPhase.Queued, QueuePlace: 1 });

        Assert.Single(kernel.Upstream.Requests);
        kernel.Upstream.Release();
        Assert.Equal(TurnState.Complete, (await kernel.EndOfAsync(first)).State);
        Assert.Equal(TurnState.Complete, (await kernel.EndOfAsync(third)).State);
        Assert.Equal(["First", "Third"], kernel.Upstream.Requests.Select(request => request.LastUserText));
    }

    [EachDatabase]
    public async Task Connections_of_one_pool_share_the_work_and_stand_in_for_each_other(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        await using var twin = await ScriptedUpstream.StartAsync();
        await LimitLoadAsync(kernel, kernel.Model, new ConnectionLoad(Pool: "twins"));
        var second = await ConnectAsync(kernel, twin, "Twin", "fake");
        await LimitLoadAsync(kernel, second, new ConnectionLoad(Pool: "twins"));
        kernel.Upstream.Enqueue(new UpstreamReply { Tokens = 3, HoldAfter = 1 });
        var held = await kernel.SendAsync("First");
        await kernel.Upstream.NextRequestAsync(Token);

        var shared = await kernel.AskAsync("Second");
        Assert.Equal((second, null, TurnState.Complete), (shared.Model, shared.InsteadOf, shared.State));
        kernel.Upstream.Release();
        await kernel.EndOfAsync(held);

        kernel.Upstream.Enqueue(new UpstreamReply { Status = 500 });
        twin.Enqueue(new UpstreamReply { Tokens = 2 });
        var helped = await kernel.AskAsync("Third");
        Assert.Equal((second, null, TurnState.Complete), (helped.Model, helped.InsteadOf, helped.State));
        Assert.Equal([("fake", "Scripted", "provider.serviceFailed"), ("fake", "Twin", "ok")], AttemptsOf((await kernel.Turns.TraceAsync(ChatKernel.Ana, helped.Id, Token))!));
    }

    private static async Task<ModelRef> ConnectAsync(ChatKernel kernel, ScriptedUpstream upstream, string name, string model)
    {
        upstream.Models = [model];
        var connection = await kernel.Get<Connections>().AddAsync(Inputs.OpenAi(upstream.Address, name: name), Token);
        await kernel.Get<ModelCatalog>().RefreshAsync(connection.Id, Token);
        return new ModelRef(connection.Id, model);
    }

    private static Task FallBackToAsync(ChatKernel kernel, params ModelRef[] models) => kernel.Get<FallbackModels>().ChooseAsync(ChatKernel.Ana, models, Token);

    private static async Task LimitLoadAsync(ChatKernel kernel, ModelRef model, ConnectionLoad load)
    {
        var connections = kernel.Get<Connections>();
        var connection = (await connections.FindAsync(model.ConnectionId, Token))!;
        var values = connection.Settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        await connections.UpdateAsync(connection.Id, new ConnectionInput(connection.ProviderId, connection.PresetId, connection.Name, values, connection.Limits) { Load = load }, Token);
        await kernel.Get<ModelCatalog>().RefreshAsync(connection.Id, Token);
    }

    private static async Task ReportsAsync(ChatKernel kernel, Turn turn, Func<TurnProgress, bool> expected)
    {
        var log = kernel.Turns.Live(ChatKernel.Ana, turn.Id)!.Log;
        for (var slice = log.Read(0); !expected(slice.Progress); slice = log.Read(0))
        {
            await log.WaitAsync(slice.Sequence, Token).WaitAsync(Eventually.Limit, Token);
        }
    }

    private static List<(string Model, string Connection, string Outcome)> AttemptsOf(TurnTrace trace) =>
        [.. JsonSerializer.Deserialize<List<TracedAttempt>>(trace.Attempts, JsonSerializerOptions.Web)!.Select(attempt => (attempt.Model, attempt.Connection, attempt.Outcome))];
}
