using System.Diagnostics;
using Calango.Core.Models;
using Calango.Core.Telemetry;

namespace Calango.Core.Chat;

/// <summary>
/// The span of a turn and of each call in it, after the conventions for generative models
/// (opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans). Ids, counts and codes only: never a word that a person, a
/// model or a service wrote.
/// </summary>
internal static class TurnSpan
{
    /// <summary>Says what is known of the turn now that it has ended, and ends its span.</summary>
    public static void End(Activity span, TurnRun run, CatalogModel? model, in TagList tags)
    {
        if (span.IsAllDataRequested)
        {
            Describe(span, run, model, tags);
            AddCalls(span, run.Attempts, tags);
        }

        span.Dispose();
    }

    private static void Describe(Activity span, TurnRun run, CatalogModel? model, in TagList tags)
    {
        var turn = run.Turn;
        foreach (var (name, value) in tags)
        {
            span.SetTag(name, value);
        }

        span.DisplayName = $"chat {model?.Ref.ModelId ?? "unknown"}";
        span.SetTag(CallTelemetry.Purpose, CallTelemetry.OfTurn);
        span.SetTag("gen_ai.conversation.id", turn.ConversationId.ToString());
        span.SetTag("gen_ai.usage.input_tokens", turn.InputTokens);
        span.SetTag("gen_ai.usage.output_tokens", turn.OutputTokens);
        span.SetTag("gen_ai.response.finish_reasons", KnownReason(turn.FinishReason) is { } reason ? new[] { reason } : null);
        span.SetTag("gen_ai.response.time_to_first_chunk", run.Attempts.LastOrDefault()?.FirstTokenMilliseconds / 1000);
        span.SetTag("calango.turn.id", turn.Id.ToString());
        span.SetTag(TurnTelemetry.StateTag, TurnTelemetry.NameOf(turn.State));
        span.SetTag("calango.request.id", turn.RequestId);
        if (turn.FailureCode is { } code)
        {
            span.SetTag(Instrumentation.ErrorType, code);
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static void AddCalls(Activity parent, IReadOnlyList<TracedAttempt> attempts, in TagList tags)
    {
        foreach (var attempt in attempts)
        {
            using var span = Instrumentation.Source.StartActivity(ActivityKind.Client, parent.Context, tags, startTime: attempt.StartedAt, name: "attempt");
            span?.SetEndTime((attempt.StartedAt + TimeSpan.FromMilliseconds(attempt.Milliseconds)).UtcDateTime);
            span?.SetTag(CallTelemetry.Connection, attempt.Connection);
            span?.SetTag("http.response.status_code", attempt.StatusCode);
            if (attempt.Outcome != TurnFailures.Well)
            {
                span?.SetTag(Instrumentation.ErrorType, attempt.Outcome);
                span?.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    /// <summary>Why a model stopped, if it is one of the known reasons: a service may put there what it likes.</summary>
    public static string? KnownReason(string? reason) => reason is "stop" or "length" or "content_filter" or "tool_calls" ? reason : null;
}
