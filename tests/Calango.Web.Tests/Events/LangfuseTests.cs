using System.Globalization;
using System.Text.Json;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Events;

/// <summary>A whole server that sends to a Langfuse: a chat, and what arrives there.</summary>
public sealed class LangfuseTests
{
    private const string Key = "sk-lf-of-ana-2201", Question = "canary-of-the-question", Said = "canary-of-the-answer";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_turn_and_its_title_arrive_with_model_tokens_cost_and_times_and_without_a_word(DatabaseKind kind)
    {
        await using var langfuse = await StartLangfuseAsync();
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await PriceAsync(app);
        await SwitchOnAsync(ana, langfuse);
        app.Upstream.Enqueue(new UpstreamReply { Text = $"{Said} one two three", Usage = true }, new UpstreamReply { Text = "A title", Usage = true });

        await AskAsync(ana, app, Question);
        var spans = await langfuse.WaitForSpansAsync(2, TestEnd);

        var (chat, title) = (spans.Single(span => span.Name == "chat fake"), spans.Single(span => span.Name == "title fake"));
        Assert.Equal("generation", chat.Attributes["langfuse.observation.type"]);
        Assert.Equal("fake", chat.Attributes["gen_ai.request.model"]);
        Assert.Equal("openai-compatible", chat.Attributes["gen_ai.provider.name"]);
        Assert.Equal("complete", chat.Attributes["langfuse.observation.metadata.outcome"]);
        Assert.Equal("stop", chat.Attributes["gen_ai.response.finish_reasons"]);
        Assert.Equal(ana.Path, $"/chat/{chat.Attributes["langfuse.session.id"]}");
        var (input, output) = (int.Parse(chat.Attributes["gen_ai.usage.input_tokens"], CultureInfo.InvariantCulture), int.Parse(chat.Attributes["gen_ai.usage.output_tokens"], CultureInfo.InvariantCulture));
        Assert.True(input > 0 && output > 0);
        Assert.Equal(CostOf(input, output), decimal.Parse(chat.Attributes["langfuse.observation.cost_details"]["""{"total":""".Length..^1], CultureInfo.InvariantCulture));
        Assert.True(chat.End > chat.Start);
        Assert.InRange(DateTimeOffset.Parse(chat.Attributes["langfuse.observation.completion_start_time"], CultureInfo.InvariantCulture), chat.Start.AddMilliseconds(-1), chat.End);
        Assert.Equal((chat.TraceId, chat.SpanId), (title.TraceId, title.ParentSpanId));
        Assert.True(title.Attributes.ContainsKey("langfuse.observation.cost_details"));
        Assert.DoesNotContain("canary", Received(langfuse), StringComparison.Ordinal);
        Assert.DoesNotContain("A title", Received(langfuse), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_switch_the_prompt_and_the_answer_arrive_and_without_it_again_they_do_not()
    {
        await using var langfuse = await StartLangfuseAsync();
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await SwitchOnAsync(ana, langfuse, seesText: true);
        app.Upstream.Enqueue(new UpstreamReply { Text = Said }, new UpstreamReply { Text = "canary-title" });

        await AskAsync(ana, app, Question);
        var chat = (await langfuse.WaitForSpansAsync(2, TestEnd)).Single(span => span.Name == "chat fake");

        Assert.Contains($$"""{"role":"user","content":"{{Question}}"}""", chat.Attributes["langfuse.observation.input"], StringComparison.Ordinal);
        Assert.Equal(Said, chat.Attributes["langfuse.observation.output"]);

        await ana.PostAsync("/plugins/langfuse", TestEnd, SinkFields.Of(langfuse.Address, ""));
        await AskAsync(ana, app, "canary-second");
        await langfuse.WaitForSpansAsync(4, TestEnd);
        Assert.DoesNotContain("canary-second", Received(langfuse), StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task The_calls_of_tools_of_a_turn_arrive_within_it_and_what_was_said_in_them_only_with_the_switch(DatabaseKind kind)
    {
        await using var langfuse = await StartLangfuseAsync();
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await TitlesOffAsync(ana);
        await SwitchOnAsync(ana, langfuse);
        var sum = new UpstreamReply { Text = "So:", Tool = "calculate", ToolArguments = """{"expression":"111111*3"}""", CallsAgain = true };
        var madeUp = sum with { Tool = "canary_made_up", ToolArguments = """{"a":"canary-of-the-call"}""" };
        app.Upstream.Enqueue(sum, madeUp, new UpstreamReply { SaysResult = true });
        var calculator = (await ana.GetAsync("/chat/new/settings", TestEnd)).QuerySelectorAll(".tools-choice label").Single(label => label.TextContent.Trim() == "Calculator");
        var key = calculator.QuerySelector("input")!.GetAttribute("value")!;

        await ana.PostAsync("/messages", TestEnd, ("Text", "Go"), ("Model", app.Model.ToString()), ("Tools", key));
        var spans = await langfuse.WaitForSpansAsync(3, TestEnd);

        var chat = spans.Single(span => span.Name == "chat fake");
        var (done, failed) = (spans.Single(span => span.Name == "execute_tool calculate"), spans.Single(span => span.Name == "execute_tool unknown"));
        Assert.All([done, failed], span => Assert.Equal((chat.TraceId, chat.SpanId, "tool"), (span.TraceId, span.ParentSpanId, span.Attributes["langfuse.observation.type"])));
        Assert.Equal(("done", "tools", "failed"), (done.Attributes["langfuse.observation.metadata.outcome"], done.Attributes["langfuse.observation.metadata.plugin"], failed.Attributes["langfuse.observation.metadata.outcome"]));
        Assert.InRange(done.Start, chat.Start, done.End);
        Assert.All(["111111", "333333", "canary"], said => Assert.DoesNotContain(said, Received(langfuse), StringComparison.Ordinal));

        await SwitchOnAsync(ana, langfuse, seesText: true);
        app.Upstream.Enqueue(sum with { ToolArguments = """{"expression":"222222*4"}""" }, new UpstreamReply { SaysResult = true });
        await ana.PostAsync("/messages", TestEnd, ("Text", "Again"), ("Model", app.Model.ToString()), ("Tools", key));
        var told = (await langfuse.WaitForSpansAsync(5, TestEnd)).Last(span => span.Name == "execute_tool calculate");
        Assert.Equal(("""{"expression":"222222*4"}""", "888888"), (told.Attributes["langfuse.observation.input"], told.Attributes["langfuse.observation.output"]));
    }

    [EachDatabase]
    public async Task A_rating_arrives_as_a_score_of_its_answer_with_its_words_only_with_the_switch(DatabaseKind kind)
    {
        await using var langfuse = await StartLangfuseAsync();
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        await TitlesOffAsync(ana);
        await SwitchOnAsync(ana, langfuse);
        await AskAsync(ana, app, Question);
        var answer = (await langfuse.WaitForSpansAsync(1, TestEnd)).Single();
        var rating = $"/turns/{Guid.ParseExact(answer.TraceId, "N")}/rating";

        await ana.PostAsync(rating, TestEnd, ("_method", "PUT"), ("Good", "false"), ("Reasons", "Wrong"), ("Reasons", "TooLong"), ("Comment", "canary-of-the-comment"));
        await langfuse.WaitForAsync("POST /api/public/scores", "tooLong", TestEnd);

        var score = JsonElement.Parse(langfuse.Received("POST /api/public/scores"));
        Assert.Equal((answer.TraceId, 0, "BOOLEAN"), (score.GetProperty("traceId").GetString(), score.GetProperty("value").GetInt32(), score.GetProperty("dataType").GetString()));
        Assert.Equal(["wrong", "tooLong"], score.GetProperty("metadata").GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()!));
        Assert.DoesNotContain("canary", langfuse.Received("POST /api/public/scores"), StringComparison.Ordinal);

        await SwitchOnAsync(ana, langfuse, seesText: true);
        await ana.PostAsync(rating, TestEnd, ("_method", "PUT"), ("Good", "true"), ("Comment", "It flies."));
        await langfuse.WaitForAsync("POST /api/public/scores", "It flies.", TestEnd);
        await ana.PostAsync(rating, TestEnd, ("_method", "DELETE"));
        await Eventually.HoldsAsync("it is taken back", () => Task.FromResult(langfuse.Received($"DELETE /api/public/scores/{score.GetProperty("id").GetString()}").Length > 0), TestEnd);
        Assert.Single(langfuse.Spans);
    }

    [Fact]
    public async Task A_failed_turn_arrives_with_its_code()
    {
        await using var langfuse = await StartLangfuseAsync();
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await TitlesOffAsync(ana);
        await SwitchOnAsync(ana, langfuse);

        await AskAsync(ana, app, "Fail [[e=401]]");
        var failed = (await langfuse.WaitForSpansAsync(1, TestEnd)).Single();

        Assert.Equal(2, failed.StatusCode);
        Assert.Equal("provider.unauthorized", failed.Attributes["langfuse.observation.status_message"]);
        Assert.Equal("failed", failed.Attributes["langfuse.observation.metadata.outcome"]);
    }

    [Fact]
    public async Task An_answer_that_was_kept_arrives_as_one_that_called_no_model()
    {
        await using var langfuse = await StartLangfuseAsync();
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await TitlesOffAsync(ana);
        await PriceAsync(app);
        await SwitchOnAsync(ana, langfuse);

        for (var time = 1; time <= 2; time++)
        {
            await AskAsync(ana, app, "Begin");
            var chat = ana.Path;
            await ana.PostAsync($"{chat}/settings", TestEnd, ("_method", "PUT"), ("KeepsAnswers", "on"));
            await ana.PostAsync($"{chat}/messages", TestEnd, ("Text", "Question"));
            await langfuse.WaitForSpansAsync(2 * time, TestEnd);
        }

        var kept = langfuse.Spans.DistinctBy(span => span.SpanId).Single(span => span.Attributes["langfuse.observation.metadata.kept"] == "true");
        Assert.Equal("0", kept.Attributes["langfuse.observation.metadata.calls"]);
        Assert.Equal("""{"total":0}""", kept.Attributes["langfuse.observation.cost_details"]);
        Assert.False(kept.Attributes.ContainsKey("gen_ai.usage.input_tokens"));
    }

    [Fact]
    public async Task A_model_that_nobody_offers_is_not_named()
    {
        await using var langfuse = await StartLangfuseAsync();
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await SwitchOnAsync(ana, langfuse);

        await ana.PostAsync("/messages", TestEnd, ("Text", "Hello"), ("Model", (app.Model with { ModelId = "canary-model" }).ToString()));
        await langfuse.WaitForSpansAsync(1, TestEnd);

        Assert.DoesNotContain("canary", Received(langfuse), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, null)]
    [InlineData(429, "1")]
    [InlineData(401, null)]
    public async Task A_langfuse_in_trouble_disturbs_no_chat_and_gets_all_events_once_it_is_well(int status, string? retryAfter)
    {
        await using var langfuse = await StartLangfuseAsync();
        langfuse.Answer = new OtlpAnswer(status, """{"message":"not now"}""", RetryAfter: retryAfter);
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await TitlesOffAsync(ana);
        await SwitchOnAsync(ana, langfuse);

        for (var i = 0; i < 3; i++)
        {
            await AskAsync(ana, app, $"Question {i}");
        }

        await Eventually.HoldsAsync("the page says what is wrong", async () => (await ana.GetAsync("/plugins", TestEnd)).QuerySelector("#sink-langfuse [data-failure]") is not null, TestEnd);
        langfuse.Answer = null;
        await langfuse.WaitForSpansAsync(3, TestEnd);
        await Eventually.HoldsAsync("the page says no more", async () => (await ana.GetAsync("/plugins", TestEnd)).QuerySelector("[data-failure]") is null, TestEnd);
    }

    [Fact]
    public async Task A_langfuse_that_hangs_or_is_away_disturbs_no_chat()
    {
        var langfuse = await StartLangfuseAsync();
        var port = langfuse.Address.Port;
        var held = new TaskCompletionSource();
        langfuse.Answer = new OtlpAnswer(200, "{}") { Held = held.Task };
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await TitlesOffAsync(ana);
        await SwitchOnAsync(ana, langfuse);
        await AskAsync(ana, app, "While it hangs");
        await Eventually.HoldsAsync("it was called", () => Task.FromResult(langfuse.Requests > 0), TestEnd);

        await langfuse.DisposeAsync();
        held.SetResult();
        await AskAsync(ana, app, "While it is away");

        await using var back = await OtlpCollector.StartAsync(port);
        await back.WaitForSpansAsync(2, TestEnd);
    }

    [Fact]
    public async Task What_waits_when_the_server_stops_is_sent_before_it_ends()
    {
        await using var langfuse = await StartLangfuseAsync();
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await TitlesOffAsync(ana);
        await SwitchOnAsync(ana, langfuse);
        await AskAsync(ana, app, "Just before the end");

        await app.RestartAsync();

        Assert.Single(langfuse.Spans);
    }

    private static async Task<OtlpCollector> StartLangfuseAsync()
    {
        var langfuse = await OtlpCollector.StartAsync();
        langfuse.Credentials = (SinkFields.PublicKey, Key);
        return langfuse;
    }

    private static string Received(OtlpCollector langfuse) => langfuse.Received("/api/public/otel/v1/traces");

    private static async Task SwitchOnAsync(Visitor visitor, OtlpCollector langfuse, bool seesText = false)
    {
        await visitor.PostAsync("/plugins/langfuse", TestEnd, SinkFields.Of(langfuse.Address, Key, seesText));
        Assert.Equal("/plugins", visitor.Path);
    }

    private static Task TitlesOffAsync(Visitor visitor) => visitor.PostAsync("/models/titles", TestEnd, ("_method", "PUT"), ("Mode", "Off"));

    private static async Task AskAsync(Visitor visitor, TestApp app, string text)
    {
        await visitor.PostAsync("/messages", TestEnd, ("Text", text), ("Model", app.Model.ToString()));
        var chat = visitor.Path;
        await Eventually.HoldsAsync("the answer has ended", async () => (await visitor.GetAsync(chat, TestEnd)).QuerySelector("[aria-busy=true]") is null, TestEnd);
    }

    private static Task PriceAsync(TestApp app) => app.Services.GetRequiredService<ModelPrices>().SetAsync(app.Model, 2.5m, 10m, null, TestEnd);

    private static decimal CostOf(int input, int output) => ((input * 2.5m) + (output * 10m)) / 1_000_000;
}
