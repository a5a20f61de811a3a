using Calango.Core.Chat;
using Calango.Core.Plugins;
using Calango.Core.Tools;
using Calango.Tests.CountingDouble;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Calango.Tests.Support.Upstream;

namespace Calango.Core.Tests.Chat;

/// <summary>What becomes of calls of tools that take their time, in turns that go on, are stopped or see their plugin replaced.</summary>
public sealed class ToolTurnTests : IAsyncLifetime
{
    private readonly ManualTime _clock = new();
    private readonly PluginsFolder _plugins = new();
    private ErrandSite _site = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _site = await ErrandSite.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _plugins.Dispose();
    }

    [EachDatabase]
    public async Task A_tool_that_takes_two_minutes_is_given_up_and_the_model_told_that_it_may_have_done_it(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind, _clock);
        await AllowAsync(kernel, CountingTools.Errand);
        kernel.Upstream.Enqueue(Calling(CountingTools.Errand, _site.ArgumentsTo("slow")), new UpstreamReply { Text = "Who knows?" });
        var turn = await SendAsync(kernel, CountingTools.Errand);
        var errand = await _site.NextAsync();

        _clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(ToolUseState.Running, Assert.Single(await UsesAsync(kernel, turn)).State);
        Assert.False(errand.Left.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TurnState.Complete, (await EndOfAsync(kernel, turn)).State);
        var use = Assert.Single(await UsesAsync(kernel, turn));
        Assert.Equal((ToolUseState.Failed, TimeSpan.FromMinutes(2)), (use.State, use.EndedAt - use.StartedAt));
        Assert.Equal("Error: the tool did not answer within 120 seconds; it is not known whether it took effect.", kernel.Upstream.Requests[1].LastToolAnswer);
        await HoldsAsync("the tool has heard of it", () => errand.Left.IsCancellationRequested);
        Assert.Equal(1, _site.Count);
    }

    [EachDatabase]
    public async Task A_call_ends_in_the_version_that_it_began_in_and_the_next_of_the_turn_goes_to_the_new_one(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind);
        await AllowAsync(kernel, CountingTools.Errand);
        kernel.Upstream.Enqueue(
            Calling(CountingTools.Errand, _site.ArgumentsTo("first")), Calling(CountingTools.Errand, _site.ArgumentsTo("second")), new UpstreamReply { SaysResult = true });
        var turn = await SendAsync(kernel, CountingTools.Errand);
        var first = await _site.NextAsync();

        await ActivateAsync(kernel, "2.0.0");
        Assert.Equal([new PluginGenerationStatus("1.0.0", PluginState.Draining, 1)], Counting(kernel).Others);
        first.Answer.SetResult("done");
        var second = await _site.NextAsync();
        second.Answer.SetResult("done too");

        Assert.Equal(TurnState.Complete, (await EndOfAsync(kernel, turn)).State);
        Assert.Equal(["v1.0.0: done", "v2.0.0: done too"], (await UsesAsync(kernel, turn)).Select(use => use.Result));
        Assert.Equal(("first", "second", 2), (first.Place, second.Place, _site.Count));
        await HoldsAsync("the version before is gone", () => Counting(kernel).Others.Count == 0);
    }

    [EachDatabase]
    public async Task A_stop_in_a_call_ends_it_and_nothing_makes_it_again(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind);
        await AllowAsync(kernel, CountingTools.Errand);
        kernel.Upstream.Enqueue(Calling(CountingTools.Errand, _site.ArgumentsTo("cut")), new UpstreamReply { Text = "Then not." });
        var turn = await SendAsync(kernel, CountingTools.Errand);
        var errand = await _site.NextAsync();

        await kernel.Turns.StopAsync(ChatKernel.Ana, turn.Id, TestEnd);

        Assert.Equal(TurnState.Stopped, (await kernel.Turns.FindAsync(ChatKernel.Ana, turn.Id, TestEnd))!.State);
        Assert.Equal(ToolUseState.Interrupted, Assert.Single(await UsesAsync(kernel, turn)).State);
        await HoldsAsync("the tool has heard of it", () => errand.Left.IsCancellationRequested);
        var rest = await kernel.Turns.ContinueAsync(ChatKernel.Ana, turn.ConversationId, turn.Id, Guid.CreateVersion7(), "request", TestEnd);
        Assert.Equal(TurnState.Complete, (await EndOfAsync(kernel, rest)).State);
        Assert.Contains("it is not known whether it took effect", kernel.Upstream.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, _site.Count);
    }

    [EachDatabase]
    public async Task A_call_to_which_nobody_says_anything_ends_the_answer_after_fifteen_minutes_and_it_can_be_continued(DatabaseKind kind)
    {
        await using var kernel = await StartAsync(kind, _clock);
        kernel.Upstream.Enqueue(Calling(CountingTools.Look, _site.ArgumentsTo("never")) with { Text = "I look." }, new UpstreamReply { Text = "Then without." });
        var turn = await SendAsync(kernel, CountingTools.Look);
        await HoldsAsync("it is asked", () => kernel.Turns.Live(ChatKernel.Ana, turn.Id)?.Log.Read(0).Asks is { Count: 1 });

        _clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        Assert.NotEmpty(kernel.Turns.Live(ChatKernel.Ana, turn.Id)!.Log.Read(0).Asks!);
        _clock.Advance(TimeSpan.FromSeconds(1));

        var cut = await EndOfAsync(kernel, turn);
        Assert.Equal((TurnState.Interrupted, "tools.notApproved"), (cut.State, cut.FailureCode));
        Assert.Equal(ToolUseState.Interrupted, Assert.Single(await UsesAsync(kernel, turn)).State);
        var rest = await EndOfAsync(kernel, await kernel.Turns.ContinueAsync(ChatKernel.Ana, turn.ConversationId, turn.Id, Guid.CreateVersion7(), "request", TestEnd));
        Assert.Equal(TurnState.Complete, rest.State);
        Assert.Equal("I look.\n\nThen without.", (await kernel.ShownAsync(turn.ConversationId))[^1]);
        Assert.Equal(0, _site.Count);
    }

    [Fact]
    public async Task A_result_that_is_too_long_is_cut_and_says_so()
    {
        await using var kernel = await StartAsync();
        await AllowAsync(kernel, CountingTools.Errand);
        kernel.Upstream.Enqueue(Calling(CountingTools.Errand, _site.ArgumentsTo("long")), new UpstreamReply { Text = "Long." });
        var turn = await SendAsync(kernel, CountingTools.Errand);
        (await _site.NextAsync()).Answer.SetResult(new string('x', 60_000));

        await EndOfAsync(kernel, turn);

        Assert.Equal($"v1.0.0: {new string('x', 49_992)}\n[cut after 50000 characters of 60008]", kernel.Upstream.Requests[1].LastToolAnswer);
        Assert.Equal(kernel.Upstream.Requests[1].LastToolAnswer, Assert.Single(await UsesAsync(kernel, turn)).Result);
    }

    [Fact]
    public async Task A_tool_that_always_says_the_same_is_called_once_an_answer_and_again_in_the_next()
    {
        await using var kernel = await StartAsync();
        var mark = Calling(CountingTools.Mark, """{"text":"same"}""");
        kernel.Upstream.Enqueue(mark, mark, new UpstreamReply { SaysResult = true }, mark, new UpstreamReply { SaysResult = true });
        var turn = await EndOfAsync(kernel, await SendAsync(kernel, CountingTools.Mark));
        Assert.Equal([("v1.0.0: same", false), ("v1.0.0: same", true)], (await UsesAsync(kernel, turn)).Select(use => (use.Result, use.WasKept)));
        await ActivateAsync(kernel, "2.0.0");

        var next = await EndOfAsync(kernel, await kernel.SendAsync("Again", turn.ConversationId));

        Assert.Equal([("v2.0.0: same", false)], (await UsesAsync(kernel, next)).Select(use => (use.Result, use.WasKept)));
    }

    [Fact]
    public async Task Before_anybody_has_said_anything_only_tools_that_ask_nobody_run_without_a_word()
    {
        await using var kernel = await StartAsync();
        foreach (var (tool, asks) in new[] { (CountingTools.Mark, false), (CountingTools.Look, true), (CountingTools.Errand, true) })
        {
            kernel.Upstream.Enqueue(Calling(tool, """{"text":"http://127.0.0.1:9/"}"""));
            kernel.Upstream.Default = new UpstreamReply { Text = "So." };
            var turn = await SendAsync(kernel, tool);
            if (asks)
            {
                await HoldsAsync("it is asked", () => kernel.Turns.Live(ChatKernel.Ana, turn.Id)?.Log.Read(0).Asks is { Count: 1 });
                await kernel.Turns.StopAsync(ChatKernel.Ana, turn.Id, TestEnd);
            }

            Assert.Equal(asks ? TurnState.Stopped : TurnState.Complete, (await EndOfAsync(kernel, turn)).State);
        }
    }

    [Fact]
    public async Task More_calls_at_once_than_sixteen_are_not_made_and_what_was_said_before_stays()
    {
        await using var kernel = await StartAsync();
        kernel.Upstream.Enqueue(new UpstreamReply { RawBody = CallsAtOnce(17) });

        var turn = await EndOfAsync(kernel, await SendAsync(kernel, CountingTools.Mark));

        Assert.Equal((TurnState.Failed, "tools.tooMany"), (turn.State, turn.FailureCode));
        Assert.Empty(await UsesAsync(kernel, turn));
        Assert.Equal("All at once.", (await kernel.ShownAsync(turn.ConversationId))[^1]);

        kernel.Upstream.Enqueue(new UpstreamReply { RawBody = CallsAtOnce(16) }, new UpstreamReply { Text = "Done." });
        var fewer = await EndOfAsync(kernel, await SendAsync(kernel, CountingTools.Mark));
        Assert.Equal((TurnState.Complete, 16), (fewer.State, (await UsesAsync(kernel, fewer)).Count(use => use.State == ToolUseState.Done)));
    }

    [Fact]
    public async Task Of_a_server_with_too_many_tools_the_first_128_are_offered()
    {
        await using var kernel = await StartAsync();

        await EndOfAsync(kernel, await SendAsync(kernel, "*"));

        var offered = kernel.Upstream.Requests[0].Body.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()).ToList();
        Assert.Equal((128, CountingTools.Errand, "spare_128"), (offered.Count, offered[0], offered[^1]));
        Assert.True(CountingTools.Count > 128);
    }

    [Fact]
    public async Task A_model_whose_provider_cannot_hand_tools_on_is_offered_none()
    {
        await using var kernel = await StartAsync();
        var connection = await kernel.Get<Core.Models.Connections>().AddAsync(
            new Core.Models.ConnectionInput(CountingProvider.ProviderId, "", "Counting", new Dictionary<string, string?>(), new Core.Models.TimeLimits()), TestEnd);
        var model = new Core.Models.ModelRef(connection.Id, CountingProvider.ModelId);
        var settings = new ConversationSettings(null, null, null, null) { Tools = [KeyOf(CountingTools.Mark)] };

        var turn = await EndOfAsync(kernel, await kernel.SendAsync(new NewMessage(null, "count 2 0", Guid.CreateVersion7(), model, "request", settings)));

        Assert.Equal(TurnState.Complete, turn.State);
        Assert.DoesNotContain("tools", (await kernel.Turns.TraceAsync(ChatKernel.Ana, turn.Id, TestEnd))!.Parameters, StringComparison.OrdinalIgnoreCase);
    }

    private static UpstreamReply Calling(string tool, string arguments) => new() { Text = "So:", Tool = tool, ToolArguments = arguments, CallsAgain = true };

    private static byte[] CallsAtOnce(int count) => System.Text.Encoding.UTF8.GetBytes(string.Concat(
    [
        """data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"fake","choices":[{"index":0,"delta":{"role":"assistant","content":"All at once."}}]}""" + "\n\n",
        .. Enumerable.Range(0, count).Select(index =>
            $$$$"""data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"fake","choices":[{"index":0,"delta":{"tool_calls":[{"index":{{{{index}}}},"id":"call_{{{{index}}}}","type":"function","function":{"name":"mark","arguments":"{\"text\":\"{{{{index}}}}\"}"}}]}}]}""" + "\n\n"),
        """data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"fake","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""" + "\n\ndata: [DONE]\n\n",
    ]));

    private static string KeyOf(string tool) => ToolKeys.Of(ToolServer.OnlyIdOf(CountingProvider.ProviderId), tool);

    private static Task AllowAsync(ChatKernel kernel, string tool) => kernel.Get<ToolRules>().SetAsync(ChatKernel.Ana, KeyOf(tool), ToolPermission.Always, TestEnd);

    private static Task<Turn> SendAsync(ChatKernel kernel, string tool) => kernel.SendAsync(
        new NewMessage(null, "Go", Guid.CreateVersion7(), kernel.Model, "request", new ConversationSettings(null, null, null, null) { Tools = [KeyOf(tool)] }));

    private static Task<IReadOnlyList<ToolUse>> UsesAsync(ChatKernel kernel, Turn turn) => kernel.Turns.UsesAsync(ChatKernel.Ana, turn.Id, TestEnd);

    // Not by the log's own waking, which is the clock's.
    private static async Task<Turn> EndOfAsync(ChatKernel kernel, Turn turn)
    {
        Turn? ended = null;
        await Eventually.HoldsAsync("it has ended", async () => (ended = await kernel.Turns.FindAsync(ChatKernel.Ana, turn.Id, TestEnd)) is { State: >= TurnState.Complete }, TestEnd);
        return ended!;
    }

    private static Task HoldsAsync(string what, Func<bool> condition) => Eventually.HoldsAsync(what, () => Task.FromResult(condition()), TestEnd);

    private static PluginStatus Counting(ChatKernel kernel) => kernel.Get<PluginHost>().Plugins.Single(plugin => plugin.Id == CountingProvider.ProviderId);

    private async Task<ChatKernel> StartAsync(DatabaseKind kind = DatabaseKind.Sqlite, TimeProvider? clock = null)
    {
        var kernel = await ChatKernel.StartAsync(kind, clock);
        await ActivateAsync(kernel, "1.0.0");
        return kernel;
    }

    private async Task ActivateAsync(ChatKernel kernel, string version)
    {
        var folder = _plugins.AddCounting(version);
        await kernel.Get<PluginHost>().ActivateAsync(folder, PluginManifest.Read(folder), isIsolated: false, _ => { }, TestEnd);
    }
}
