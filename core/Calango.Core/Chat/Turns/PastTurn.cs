using System.Text.Json;
using Calango.Core.Models;

namespace Calango.Core.Chat;

/// <summary>How a turn went, for being told elsewhere and brought back.</summary>
/// <param name="State">How it ended.</param>
/// <param name="Model">The model's name for people.</param>
/// <param name="ModelId">The model, as its service names it.</param>
/// <param name="ConnectionId">The connection over which it answered.</param>
/// <param name="CreatedAt">When it was asked for.</param>
public sealed record PastTurn(TurnState State, string Model, string ModelId, Guid ConnectionId, DateTimeOffset CreatedAt)
{
    /// <inheritdoc cref="Turn.ContinuesId"/>
    public Guid? ContinuesId { get; init; }

    /// <inheritdoc cref="Turn.RerunOf"/>
    public Guid? RerunOf { get; init; }

    /// <inheritdoc cref="Turn.InsteadOf"/>
    public string? InsteadOf { get; init; }

    /// <inheritdoc cref="Turn.WasKept"/>
    public bool WasKept { get; init; }

    /// <inheritdoc cref="Turn.Sources"/>
    public int? Found { get; init; }

    /// <inheritdoc cref="Turn.SearchedFor"/>
    public string? SearchedFor { get; init; }

    /// <inheritdoc cref="Turn.SearchModelName"/>
    public string? SearchModel { get; init; }

    /// <inheritdoc cref="Turn.SearchTokens"/>
    public int? SearchTokens { get; init; }

    /// <inheritdoc cref="Turn.SearchCostNanoUsd"/>
    public long? SearchCostNanoUsd { get; init; }

    /// <inheritdoc cref="Turn.StartedAt"/>
    public DateTimeOffset? StartedAt { get; init; }

    /// <inheritdoc cref="Turn.FirstTokenAt"/>
    public DateTimeOffset? FirstTokenAt { get; init; }

    /// <inheritdoc cref="Turn.EndedAt"/>
    public DateTimeOffset? EndedAt { get; init; }

    /// <inheritdoc cref="Turn.ReasoningMilliseconds"/>
    public int? ReasoningMilliseconds { get; init; }

    /// <inheritdoc cref="Turn.InputTokens"/>
    public int? InputTokens { get; init; }

    /// <inheritdoc cref="Turn.OutputTokens"/>
    public int? OutputTokens { get; init; }

    /// <inheritdoc cref="Turn.TokensEstimated"/>
    public bool TokensEstimated { get; init; }

    /// <inheritdoc cref="Turn.ContextTokens"/>
    public int? ContextTokens { get; init; }

    /// <inheritdoc cref="Turn.CostNanoUsd"/>
    public long? CostNanoUsd { get; init; }

    /// <inheritdoc cref="Turn.FinishReason"/>
    public string? FinishReason { get; init; }

    /// <inheritdoc cref="Turn.FailureCode"/>
    public string? Failure { get; init; }

    /// <inheritdoc cref="Turn.FailureArguments"/>
    public IReadOnlyDictionary<string, string>? FailureArguments { get; init; }

    /// <inheritdoc cref="Turn.RequestId"/>
    public string RequestId { get; init; } = "";

    /// <inheritdoc cref="Turn.OmittedMessages"/>
    public int OmittedMessages { get; init; }

    /// <inheritdoc cref="Turn.FirstIncludedId"/>
    public Guid? FirstIncludedId { get; init; }

    /// <summary>What its owner thinks of the answer; null: they have not said.</summary>
    public PastRating? Rating { get; init; }

    internal static PastTurn Of(Turn turn) => new(turn.State, turn.ModelName, turn.ModelId, turn.ConnectionId, turn.CreatedAt)
    {
        ContinuesId = turn.ContinuesId,
        RerunOf = turn.RerunOf,
        InsteadOf = turn.InsteadOf,
        WasKept = turn.WasKept,
        Found = turn.Sources,
        SearchedFor = turn.SearchedFor,
        SearchModel = turn.SearchModelName,
        SearchTokens = turn.SearchTokens,
        SearchCostNanoUsd = turn.SearchCostNanoUsd,
        StartedAt = turn.StartedAt,
        FirstTokenAt = turn.FirstTokenAt,
        EndedAt = turn.EndedAt,
        ReasoningMilliseconds = turn.ReasoningMilliseconds,
        InputTokens = turn.InputTokens,
        OutputTokens = turn.OutputTokens,
        TokensEstimated = turn.TokensEstimated,
        ContextTokens = turn.ContextTokens,
        CostNanoUsd = turn.CostNanoUsd,
        FinishReason = turn.FinishReason,
        Failure = turn.FailureCode,
        FailureArguments = turn.FailureArguments is { } arguments ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(arguments) : null,
        RequestId = turn.RequestId,
        OmittedMessages = turn.OmittedMessages,
        FirstIncludedId = turn.FirstIncludedId,
        Rating = turn is { IsGood: { } isGood, RatedAt: { } at } ? new PastRating(isGood, turn.RatingReasons, turn.RatingComment ?? "", at) : null,
    };
}

/// <summary>What somebody thought of an answer, for being told elsewhere and brought back.</summary>
public sealed record PastRating(bool IsGood, RatingReasons Reasons, string Comment, DateTimeOffset At);

public sealed partial class Turn
{
    /// <summary>A turn that has been, here or elsewhere: nothing is run for it. One that had not ended when it was written down was interrupted.</summary>
    internal static Turn Of(PastTurn past, Guid accountId, Message answer) =>
        new(answer.Id, answer.ConversationId, answer.ParentId ?? Guid.Empty, Guid.CreateVersion7(), past.ContinuesId)
        {
            AccountId = accountId,
            RerunOf = past.RerunOf,
            State = past.State < TurnState.Complete ? TurnState.Interrupted : past.State,
            Model = new ModelRef(past.ConnectionId, past.ModelId),
            ModelName = past.Model,
            InsteadOf = past.InsteadOf,
            WasKept = past.WasKept,
            Sources = past.Found,
            SearchedFor = past.SearchedFor,
            SearchModelName = past.SearchModel,
            SearchTokens = past.SearchTokens,
            SearchCostNanoUsd = past.SearchCostNanoUsd,
            CreatedAt = past.CreatedAt,
            StartedAt = past.StartedAt,
            FirstTokenAt = past.FirstTokenAt,
            EndedAt = past.State < TurnState.Complete ? past.CreatedAt : past.EndedAt,
            ReasoningMilliseconds = past.ReasoningMilliseconds,
            InputTokens = past.InputTokens,
            OutputTokens = past.OutputTokens,
            TokensEstimated = past.TokensEstimated,
            ContextTokens = past.ContextTokens,
            CostNanoUsd = past.CostNanoUsd,
            FinishReason = past.FinishReason,
            FailureCode = past.State < TurnState.Complete ? "server.stopped" : past.Failure,
            FailureArguments = past.FailureArguments is { Count: > 0 } arguments ? JsonSerializer.Serialize(arguments) : null,
            RequestId = past.RequestId,
            OmittedMessages = past.OmittedMessages,
            FirstIncludedId = past.FirstIncludedId,
            IsGood = past.Rating?.IsGood,
            RatingReasons = past.Rating?.Reasons ?? RatingReasons.None,
            RatingComment = past.Rating is { Comment: { Length: > 0 } comment } ? comment : null,
            RatedAt = past.Rating?.At,
        };
}
