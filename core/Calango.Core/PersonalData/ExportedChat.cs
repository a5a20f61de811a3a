using System.Text.Json;
using System.Text.Json.Nodes;
using Calango.Core.Chat;

namespace Calango.Core.PersonalData;

/// <summary>A chat in the zip: what it is, and how its next turn would run.</summary>
internal sealed record ExportedChat(
    Guid Id, string? Title, DateTimeOffset CreatedAt, DateTimeOffset ActiveAt, DateTimeOffset? DeletedAt, string? Model, string? SystemPrompt, double? Temperature, int? MaxOutputTokens, int? TokenLimit,
    bool KeepsAnswers, bool IsImpersonal, IReadOnlyList<string> Tools, Guid? HeadId)
{
    public static ExportedChat Of(Conversation chat) => new(
        chat.Id, chat.Title, chat.CreatedAt, chat.ActiveAt, chat.DeletedAt, chat.ModelId, chat.SystemPrompt, chat.Temperature, chat.MaxOutputTokens, chat.TokenLimit, chat.KeepsAnswers, chat.IsImpersonal,
        chat.ToolChoice, chat.HeadId);
}

/// <summary>A message in the zip. Those with the same parent are each other's alternatives; <paramref name="SelectedChildId"/> is the one that is shown.</summary>
internal sealed record ExportedMessage(
    Guid Id, Guid? ParentId, long Sequence, MessageRole Role, string Text, string? Reasoning, bool Edited, Guid? SelectedChildId, DateTimeOffset CreatedAt, ExportedTurn? Turn,
    IReadOnlyList<ExportedToolUse>? ToolUses)
{
    public static ExportedMessage Of(Message message, Turn? turn, IReadOnlyList<ToolUse> uses) => new(
        message.Id, message.ParentId, message.Sequence, message.Role, message.Text, message.Reasoning, message.Edited, message.SelectedChildId, message.CreatedAt,
        turn is null ? null : ExportedTurn.Of(turn), uses.Count == 0 ? null : [.. uses.Select(ExportedToolUse.Of)]);
}

/// <summary>How a model came to its answer, in the zip. The cost is in billionths of a US dollar.</summary>
internal sealed record ExportedTurn(
    TurnState State, string Model, string ModelId, DateTimeOffset? EndedAt, int? InputTokens, int? OutputTokens, bool TokensEstimated, long? CostNanoUsd, string? FinishReason, string? Failure, ExportedRating? Rating)
{
    public static ExportedTurn Of(Turn turn) => new(
        turn.State, turn.ModelName, turn.Model.ModelId, turn.EndedAt, turn.InputTokens, turn.OutputTokens, turn.TokensEstimated, turn.CostNanoUsd, turn.FinishReason, turn.FailureCode,
        turn.RatedAt is { } at ? new ExportedRating(turn.IsGood == true, turn.RatingReasons, turn.RatingComment, at) : null);
}

/// <summary>What they thought of an answer, in the zip.</summary>
internal sealed record ExportedRating(bool IsGood, RatingReasons Reasons, string? Comment, DateTimeOffset At);

/// <summary>A call of a tool, in the zip.</summary>
internal sealed record ExportedToolUse(string Tool, string Server, JsonNode? Arguments, ToolUseState State, string Result, DateTimeOffset CreatedAt)
{
    public static ExportedToolUse Of(ToolUse use) => new(use.Title, use.ServerName, Parsed(use.Arguments), use.State, use.Result, use.CreatedAt);

    // As it came from a model, which may have written anything.
    private static JsonNode? Parsed(string arguments)
    {
        try
        {
            return JsonNode.Parse(arguments);
        }
        catch (JsonException)
        {
            return arguments;
        }
    }
}
