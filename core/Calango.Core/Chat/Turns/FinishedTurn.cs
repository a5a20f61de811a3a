using System.Text.Json;

namespace Calango.Core.Chat;

/// <summary>What programs are told of a turn that has ended: ids and numbers, and never a word of it. Members only come along.</summary>
internal sealed record FinishedTurn(
    Guid Id, Guid ChatId, Guid QuestionId, string State, string Model, int? InputTokens, int? OutputTokens, bool TokensEstimated, decimal? CostUsd, string? FinishReason, string? FailureCode, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt)
{
    /// <summary>What has happened.</summary>
    public const string Happening = "turn.ended";

    private const decimal NanoUsd = 1_000_000_000m;

    public static FinishedTurn Of(Turn turn) => new(
        turn.Id, turn.ConversationId, turn.QuestionId, JsonNamingPolicy.CamelCase.ConvertName(turn.State.ToString()), turn.ModelName, turn.InputTokens, turn.OutputTokens, turn.TokensEstimated,
        turn.CostNanoUsd / NanoUsd, turn.FinishReason, turn.FailureCode, turn.CreatedAt, turn.EndedAt);
}
