using Calango.Core.Plugins;
using Calango.Plugins.Langfuse;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Fixtures;

namespace Calango.Plugins.Tests.Langfuse;

/// <summary>What Langfuse is told, in the names that it reads.</summary>
public sealed class LangfuseSpanTests : IAsyncLifetime
{
    private readonly PluginHttp _http = new();
    private OtlpCollector _langfuse = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _langfuse = await OtlpCollector.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _langfuse.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task An_answer_is_a_generation_in_the_session_of_its_chat()
    {
        var one = SampleEvents.Answer with { Text = SampleEvents.Text("Olá?", "Olá!") };

        var span = await SendAsync(one);

        Assert.Equal(one.TurnId.ToString("N"), span.TraceId);
        Assert.Null(span.ParentSpanId);
        Assert.Equal("chat some-model-7b", span.Name);
        Assert.Equal((one.StartedAt, one.EndedAt, 0), (span.Start, span.End, span.StatusCode));
        var expected = new Dictionary<string, string>
        {
            ["langfuse.observation.type"] = "generation",
            ["langfuse.session.id"] = one.ConversationId.ToString(),
            ["langfuse.user.id"] = one.AccountId.ToString(),
            ["gen_ai.operation.name"] = "chat",
            ["gen_ai.provider.name"] = "some-provider",
            ["gen_ai.request.model"] = "some-model-7b",
            ["gen_ai.request.temperature"] = "0.7",
            ["gen_ai.request.max_tokens"] = "1000",
            ["gen_ai.response.finish_reasons"] = "stop",
            ["gen_ai.usage.input_tokens"] = "10",
            ["gen_ai.usage.output_tokens"] = "20",
            ["langfuse.observation.usage_details"] = """{"input":10,"output":20,"total":30}""",
            ["langfuse.observation.cost_details"] = """{"total":0.0005}""",
            ["langfuse.observation.completion_start_time"] = "2026-03-01T12:00:00.650Z",
            ["langfuse.observation.level"] = "DEFAULT",
            ["langfuse.observation.metadata.calls"] = "1",
            ["langfuse.observation.metadata.fallback"] = "false",
            ["langfuse.observation.metadata.kept"] = "false",
            ["langfuse.observation.input"] = """[{"role":"system","content":"Be brief."},{"role":"user","content":"Olá?"}]""",
            ["langfuse.observation.output"] = "Olá!",
        };
        Assert.All(expected, attribute => Assert.Equal(attribute.Value, span.Attributes.GetValueOrDefault(attribute.Key)));
    }

    [Fact]
    public async Task Without_text_there_is_no_attribute_for_one()
    {
        await SendAsync(SampleEvents.WithTools());

        Assert.Equal(3, _langfuse.Spans.Count);
        Assert.All(_langfuse.Spans, span => Assert.DoesNotContain(
            span.Attributes.Keys, key => key.EndsWith(".input", StringComparison.Ordinal) || key.EndsWith(".output", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(ModelTask.Title, "title")]
    [InlineData(ModelTask.Question, "question")]
    public async Task A_small_task_lies_within_the_trace_of_its_answer(ModelTask task, string name)
    {
        var answer = SampleEvents.Answer;

        await SendAsync(answer);
        await SendAsync(SampleEvents.Answer with { Task = task, TurnId = answer.TurnId });

        var spans = await _langfuse.WaitForSpansAsync(2, TestEnd);
        Assert.Single(spans.Select(span => span.TraceId).Distinct());
        Assert.Equal(spans.Single(span => span.Name.StartsWith("chat", StringComparison.Ordinal)).SpanId, spans.Single(span => span.Name.StartsWith(name, StringComparison.Ordinal)).ParentSpanId);
    }

    [Fact]
    public async Task A_call_of_a_tool_is_an_observation_of_its_own_within_its_answer()
    {
        var one = SampleEvents.WithTools() with { Text = SampleEvents.TextWithTools("""{"a":"Olá"}""", "Pronto.") };

        await SendAsync(one);

        var spans = await _langfuse.WaitForSpansAsync(3, TestEnd);
        var (answer, made, madeUp) = (spans.Single(span => span.Name.StartsWith("chat", StringComparison.Ordinal)), spans.Single(span => span.Name == "execute_tool some_tool"), spans.Single(span => span.Name == "execute_tool unknown"));
        Assert.All([made, madeUp], span => Assert.Equal((answer.TraceId, answer.SpanId), (span.TraceId, span.ParentSpanId)));
        Assert.Equal((one.ToolCalls[0].StartedAt, one.ToolCalls[0].EndedAt, 0), (made.Start, made.End, made.StatusCode));
        var expected = new Dictionary<string, string>
        {
            ["langfuse.observation.type"] = "tool",
            ["langfuse.session.id"] = one.ConversationId.ToString(),
            ["gen_ai.operation.name"] = "execute_tool",
            ["gen_ai.tool.name"] = "some_tool",
            ["gen_ai.tool.type"] = "function",
            ["langfuse.observation.level"] = "DEFAULT",
            ["langfuse.observation.metadata.outcome"] = "done",
            ["langfuse.observation.metadata.plugin"] = "some-plugin",
            ["langfuse.observation.metadata.kept"] = "false",
            ["langfuse.observation.input"] = """{"a":"Olá"}""",
            ["langfuse.observation.output"] = "Pronto.",
        };
        Assert.All(expected, attribute => Assert.Equal(attribute.Value, made.Attributes.GetValueOrDefault(attribute.Key)));
        Assert.Equal((2, "WARNING", "failed"), (madeUp.StatusCode, madeUp.Attributes["langfuse.observation.level"], madeUp.Attributes["langfuse.observation.status_message"]));
    }

    [Fact]
    public async Task An_event_that_comes_twice_has_the_same_ids()
    {
        var one = SampleEvents.Answer;

        await SendAsync(one);
        await SendAsync(one);

        Assert.Equal(2, _langfuse.Spans.Count);
        Assert.Single(_langfuse.Spans.Select(span => (span.TraceId, span.SpanId)).Distinct());
    }

    [Theory]
    [InlineData(ModelOutcome.Failed, "ERROR")]
    [InlineData(ModelOutcome.Interrupted, "WARNING")]
    public async Task What_did_not_end_well_is_marked(ModelOutcome outcome, string level)
    {
        var span = await SendAsync(SampleEvents.Answer with { Outcome = outcome, FailureCode = "provider.connectionLost" });

        Assert.Equal(2, span.StatusCode);
        Assert.Equal(level, span.Attributes["langfuse.observation.level"]);
        Assert.Equal("provider.connectionLost", span.Attributes["langfuse.observation.status_message"]);
    }

    [Fact]
    public async Task A_trial_belongs_to_no_session_and_is_no_generation()
    {
        var span = await SendAsync(SampleEvents.Answer with { Task = ModelTask.Test });

        Assert.Equal("Calango test", span.Name);
        Assert.Equal("event", span.Attributes["langfuse.observation.type"]);
        Assert.False(span.Attributes.ContainsKey("langfuse.session.id"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/api/public/otel")]
    [InlineData("/api/public/otel/v1/traces/")]
    public async Task Any_form_of_the_address_leads_there(string path)
    {
        await SendAsync(SampleEvents.Answer, path);

        Assert.NotEmpty(_langfuse.Received("/api/public/otel/v1/traces"));
    }

    [Fact]
    public async Task A_langfuse_below_a_path_is_reached_there()
    {
        await SendAsync(SampleEvents.Answer, "/tools/langfuse/");

        Assert.NotEmpty(_langfuse.Received("/tools/langfuse/api/public/otel/v1/traces"));
    }

    [Fact]
    public async Task What_a_service_takes_in_part_is_refused_for_good()
    {
        _langfuse.Answer = new OtlpAnswer(200, """{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}""");

        var failure = await Assert.ThrowsAsync<ProviderException>(() => SendAsync(SampleEvents.Answer));

        Assert.Equal((ProviderErrorKind.InvalidRequest, "too old"), (failure.Kind, failure.ServiceMessage));
    }

    [Fact]
    public void The_settings_print_no_key() =>
        Assert.DoesNotContain("sk-", new LangfuseSettings { PublicKey = "pk-lf", SecretKey = "sk-lf" }.ToString(), StringComparison.Ordinal);

    private async Task<OtlpSpan> SendAsync(ModelEvent one, string path = "")
    {
        var settings = new SettingsValues(new Dictionary<string, string>
        {
            ["address"] = _langfuse.Address.GetLeftPart(UriPartial.Authority) + path, ["publicKey"] = "pk", ["secretKey"] = "sk",
        });
        await new LangfuseSink(_http).SendAsync([one], settings, TestEnd);
        return _langfuse.Spans.Last();
    }
}
