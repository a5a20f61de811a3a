using System.Globalization;
using System.Text;
using Calango.Sdk;

namespace Calango.Plugins.Langfuse;

/// <summary>What Langfuse calls a generation: a model's work, by the names of OpenTelemetry's conventions and by Langfuse's own.</summary>
internal static class Generation
{
    private const string Metadata = "langfuse.observation.metadata.";

    public static void Describe(ModelEvent one, SpanAttributes list)
    {
        list.Add("langfuse.trace.name", one.Task switch { ModelTask.Test => "Calango test", ModelTask.Completion => "completion", _ => "chat" });
        if (one.Task == ModelTask.Test)
        {
            list.Add("langfuse.observation.type", "event");
            return;
        }

        list.Add("langfuse.observation.type", "generation");
        list.Add("langfuse.session.id", Conversation(one));
        list.Add("langfuse.user.id", one.AccountId.ToString());
        DescribeCall(one, list);
        DescribeEnd(one, list);
        if (one.Text is { } text)
        {
            list.Add("langfuse.observation.input", Messages(text.Prompt));
            list.Add("langfuse.observation.output", text.Answer);
        }
    }

    private static void DescribeCall(ModelEvent one, SpanAttributes list)
    {
        list.Add("gen_ai.operation.name", "chat");
        list.Add("gen_ai.conversation.id", Conversation(one));
        list.Add("gen_ai.provider.name", one.Provider);
        list.Add("gen_ai.request.model", one.ModelId);
        list.Add("gen_ai.request.temperature", one.Temperature);
        list.Add("gen_ai.request.max_tokens", one.MaxOutputTokens);
        list.Add("gen_ai.usage.input_tokens", one.InputTokens);
        list.Add("gen_ai.usage.output_tokens", one.OutputTokens);
        list.AddList("gen_ai.response.finish_reasons", one.FinishReason);
        list.Add("langfuse.observation.usage_details", Usage(one));
        list.Add("langfuse.observation.cost_details", one.CostUsd is { } cost ? string.Create(CultureInfo.InvariantCulture, $$"""{"total":{{cost}}}""") : null);
        list.Add("langfuse.observation.completion_start_time", one.FirstTokenAt?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
    }

    // What a program asks belongs to none.
    private static string? Conversation(ModelEvent one) => one.ConversationId == Guid.Empty ? null : one.ConversationId.ToString();

    private static void DescribeEnd(ModelEvent one, SpanAttributes list)
    {
        list.Add("langfuse.observation.level", one.Outcome switch
        {
            ModelOutcome.Failed => "ERROR",
            ModelOutcome.Interrupted => "WARNING",
            _ => "DEFAULT",
        });
        list.Add("langfuse.observation.status_message", one.FailureCode);
        list.Add("error.type", one.FailureCode);
        list.Add(Metadata + "task", one.Task.ToString().ToLowerInvariant());
        list.Add(Metadata + "outcome", one.Outcome.ToString().ToLowerInvariant());
        list.Add(Metadata + "calls", one.Calls);
        list.Add(Metadata + "fallback", one.IsFallback);
        list.Add(Metadata + "kept", one.WasKept);
        list.Add(Metadata + "tokens_estimated", one.TokensEstimated);
        list.Add(Metadata + "turn_id", one.TurnId.ToString());
    }

    private static string? Usage(ModelEvent one) => (one.InputTokens, one.OutputTokens) switch
    {
        ({ } input, { } output) => $$"""{"input":{{input}},"output":{{output}},"total":{{input + output}}}""",
        ({ } input, null) => $$"""{"input":{{input}}}""",
        (null, { } output) => $$"""{"output":{{output}}}""",
        _ => null,
    };

    private static string Messages(IReadOnlyList<PromptMessage> prompt) => Encoding.UTF8.GetString(OtlpTraces.Written(json =>
    {
        json.WriteStartArray();
        foreach (var message in prompt)
        {
            json.WriteStartObject();
            json.WriteString("role", message.Role);
            json.WriteString("content", message.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }).Span);
}
