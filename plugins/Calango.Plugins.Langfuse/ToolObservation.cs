using Calango.Sdk;

namespace Calango.Plugins.Langfuse;

/// <summary>What Langfuse calls a tool: a call of one within an answer, by the names of OpenTelemetry's conventions and by Langfuse's own.</summary>
internal static class ToolObservation
{
    /// <summary>What is said of one that did not go well; null: it did.</summary>
    public static string? FailureOf(ToolCallEvent call) => call.Outcome == ToolCallOutcome.Done ? null : OutcomeOf(call);

    public static void Describe(ModelEvent one, ToolCallEvent call, ToolCallText? text, SpanAttributes list)
    {
        list.Add("langfuse.observation.type", "tool");
        list.Add("langfuse.session.id", one.ConversationId.ToString());
        list.Add("langfuse.user.id", one.AccountId.ToString());
        list.Add("gen_ai.operation.name", "execute_tool");
        list.Add("gen_ai.conversation.id", one.ConversationId.ToString());
        list.Add("gen_ai.tool.name", call.Tool ?? "unknown");
        list.Add("gen_ai.tool.call.id", $"call_{call.Id:N}");
        list.Add("gen_ai.tool.type", "function");
        list.Add("langfuse.observation.level", call.Outcome == ToolCallOutcome.Done ? "DEFAULT" : "WARNING");
        list.Add("langfuse.observation.status_message", FailureOf(call));
        list.Add("error.type", FailureOf(call));
        list.Add("langfuse.observation.metadata.outcome", OutcomeOf(call));
        list.Add("langfuse.observation.metadata.plugin", call.PluginId);
        list.Add("langfuse.observation.metadata.kept", call.WasKept);
        list.Add("langfuse.observation.metadata.turn_id", one.TurnId.ToString());
        list.Add("langfuse.observation.input", text?.Arguments);
        list.Add("langfuse.observation.output", text?.Result);
    }

    private static string OutcomeOf(ToolCallEvent call) => call.Outcome.ToString().ToLowerInvariant();
}
