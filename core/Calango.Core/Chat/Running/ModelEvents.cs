using System.Text.Json;
using Calango.Core.Events;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Core.Tools;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>Says what models did here, for the sinks of events. Thread-safe.</summary>
internal sealed class ModelEvents(EventDelivery delivery, ModelCatalog catalog, TimeProvider clock)
{
    private const decimal NanoUsd = 1_000_000_000m;

    /// <summary>The turn has ended and is stored.</summary>
    public void Ended(TurnRun run)
    {
        var turn = run.Turn;
        // A name that no catalog knows is whatever somebody sent.
        var model = run.Model ?? catalog.Find(turn.Model);
        var ended = turn.EndedAt ?? clock.GetUtcNow();
        // Those of an answer that this one continues were told with it.
        var uses = run.Log.Uses.Skip(run.UsesBefore.Count).ToList();
        delivery.Publish(
            new ModelEvent
            {
                Id = turn.Id,
                Task = ModelTask.Answer,
                TurnId = turn.Id,
                ConversationId = turn.ConversationId,
                AccountId = turn.AccountId,
                ModelId = model?.Ref.ModelId,
                Provider = model is null ? null : CallTelemetry.ProviderOf(model),
                Outcome = OutcomeOf(turn.State),
                FailureCode = turn.FailureCode,
                FinishReason = TurnSpan.KnownReason(turn.FinishReason),
                StartedAt = turn.StartedAt ?? turn.CreatedAt,
                FirstTokenAt = turn.FirstTokenAt,
                EndedAt = ended,
                InputTokens = turn.InputTokens,
                OutputTokens = turn.OutputTokens,
                TokensEstimated = turn.TokensEstimated,
                CostUsd = turn.CostNanoUsd / NanoUsd,
                Calls = run.Attempts.Count,
                IsFallback = turn.InsteadOf is not null,
                WasKept = turn.WasKept,
                Temperature = run.Prompt?.Options.Temperature,
                MaxOutputTokens = run.Prompt?.Options.MaxOutputTokens,
                ToolCalls = [.. uses.Select(use => CallOf(use, run.Tools.Find(use.Name), ended))],
            },
            () => TextOf(run.Prompt?.Messages ?? [], AnswerOf(run), uses));
    }

    /// <summary>A model has done a small task, or failed to.</summary>
    public void Ended(TaskCall call, ChatResponse? response, Exception? failure)
    {
        var (input, output) = ((int?)response?.Usage?.InputTokenCount, (int?)response?.Usage?.OutputTokenCount);
        delivery.Publish(
            new ModelEvent
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                Task = call.Task,
                TurnId = call.Turn.Id,
                ConversationId = call.Turn.ConversationId,
                AccountId = call.Turn.AccountId,
                ModelId = call.Model.Ref.ModelId,
                Provider = CallTelemetry.ProviderOf(call.Model),
                Outcome = failure is null ? ModelOutcome.Complete : ModelOutcome.Failed,
                FailureCode = failure is null ? null : CodeOf(failure, call.Model),
                FinishReason = TurnSpan.KnownReason(response?.FinishReason?.Value),
                StartedAt = call.StartedAt,
                EndedAt = clock.GetUtcNow(),
                InputTokens = input,
                OutputTokens = output,
                CostUsd = input is { } read && output is { } written ? ModelCost.NanoUsd(call.Model, read, written) / NanoUsd : null,
                Calls = 1,
                MaxOutputTokens = call.MaxOutputTokens,
            },
            () => TextOf(call.Prompt, response?.Text ?? "", []));
    }

    /// <summary>A model has answered a program, or failed to.</summary>
    public void Ended(CompletionRecord completion)
    {
        var (id, usage, asked) = (Guid.CreateVersion7(completion.StartedAt), completion.Usage, completion.Calls > 0);
        delivery.Publish(
            new ModelEvent
            {
                Id = id,
                Task = ModelTask.Completion,
                TurnId = id,
                ConversationId = Guid.Empty,
                AccountId = completion.Request.AccountId,
                ModelId = completion.Model.Ref.ModelId,
                Provider = CallTelemetry.ProviderOf(completion.Model),
                Outcome = completion switch
                {
                    { Failure: null, FinishReason: not null } => ModelOutcome.Complete,
                    { WasStopped: true } => ModelOutcome.Stopped,
                    { HasStarted: true } => ModelOutcome.Interrupted,
                    _ => ModelOutcome.Failed,
                },
                FailureCode = completion.Failure?.Code,
                FinishReason = TurnSpan.KnownReason(completion.FinishReason),
                StartedAt = completion.StartedAt,
                FirstTokenAt = completion.FirstTokenAt,
                EndedAt = clock.GetUtcNow(),
                InputTokens = asked ? usage.InputTokens : null,
                OutputTokens = asked ? usage.OutputTokens : null,
                TokensEstimated = asked && usage.IsEstimated,
                CostUsd = asked ? ModelCost.NanoUsd(completion.Model, usage.InputTokens, usage.OutputTokens) / NanoUsd : null,
                Calls = completion.Calls,
                Temperature = completion.Request.Options.Temperature,
                MaxOutputTokens = completion.Request.Options.MaxOutputTokens,
            },
            () => TextOf(completion.Request.Messages, completion.Text, []));
    }

    /// <summary>Somebody has said what they think of an answer, or taken it back.</summary>
    public void Rated(Turn turn)
    {
        var now = clock.GetUtcNow();
        var model = catalog.Find(turn.Model);
        delivery.Publish(
            new ModelEvent
            {
                Id = Guid.CreateVersion7(now),
                Task = ModelTask.Rating,
                TurnId = turn.Id,
                ConversationId = turn.ConversationId,
                AccountId = turn.AccountId,
                ModelId = model?.Ref.ModelId,
                Provider = model is null ? null : CallTelemetry.ProviderOf(model),
                Outcome = OutcomeOf(turn.State),
                StartedAt = now,
                EndedAt = now,
                Rating = new AnswerRating(turn.IsGood, [.. Rating.ReasonsFor(turn.IsGood ?? false).Where(reason => turn.RatingReasons.HasFlag(reason)).Select(reason => JsonNamingPolicy.CamelCase.ConvertName($"{reason}"))]),
            },
            () => new ModelEventText([], "") { Comment = turn.RatingComment ?? "" });
    }

    // What this answer continues was sent with the prompt; a turn that could not begin has not even that.
    private static string AnswerOf(TurnRun run)
    {
        var written = run.Log.Read(0).Text;
        return written[Math.Min(run.TextBefore.Length, written.Length)..];
    }

    /// <summary>What a small task's call failed with.</summary>
    public static string CodeOf(Exception failure, CatalogModel model) => failure switch
    {
        ProviderException provider => ProviderFailures.ToFailure(provider, model.Host).Code,
        PluginFault fault => ProviderFailures.ToFailure(fault, model.Host).Code,
        OperationCanceledException => "timeout.whole",
        _ => TurnFailures.Unexpected,
    };

    private static ModelOutcome OutcomeOf(TurnState state) => state switch
    {
        TurnState.Complete => ModelOutcome.Complete,
        TurnState.Stopped => ModelOutcome.Stopped,
        TurnState.Failed => ModelOutcome.Failed,
        _ => ModelOutcome.Interrupted,
    };

    private static ToolCallEvent CallOf(ToolUse use, CatalogTool? tool, DateTimeOffset ended) => new()
    {
        Id = use.Id,
        Tool = tool?.Name,
        PluginId = tool?.Server.PluginId,
        Outcome = use.State switch
        {
            ToolUseState.Done => ToolCallOutcome.Done,
            ToolUseState.Failed => ToolCallOutcome.Failed,
            ToolUseState.Denied => ToolCallOutcome.Denied,
            _ => ToolCallOutcome.Interrupted,
        },
        WasKept = use.WasKept,
        StartedAt = use.StartedAt ?? use.CreatedAt,
        EndedAt = use.EndedAt ?? ended,
    };

    private static ModelEventText TextOf(IEnumerable<ChatMessage> prompt, string answer, IEnumerable<ToolUse> uses) =>
        new([.. prompt.Select(message => new PromptMessage(message.Role.Value, MessageText.Clean(message.Text)))], MessageText.Clean(answer))
        {
            ToolCalls = [.. uses.Select(use => new ToolCallText(use.Arguments, use.Result))],
        };
}
