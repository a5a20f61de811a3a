using Calango.Core.Data;
using Calango.Core.Models;
using Calango.Core.Quotas;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>What a call will take, before it is made: for the quotas.</summary>
internal static class ExpectedUse
{
    // Of a model that could answer with a book, nobody expects one.
    private const int LongestAnswer = 4_096;

    /// <summary>Of a prompt.</summary>
    /// <param name="model">The model; null: nothing is known of it.</param>
    /// <param name="promptTokens">The prompt's.</param>
    /// <param name="maxOutputTokens">What the answer may have; null: nobody said.</param>
    public static QuotaAmount Of(CatalogModel? model, int promptTokens, int? maxOutputTokens)
    {
        var output = maxOutputTokens ?? Math.Min(model?.MaxOutputTokens ?? LongestAnswer, LongestAnswer);
        return new QuotaAmount(promptTokens, output, model is null ? 0 : ModelCost.NanoUsd(model, promptTokens, output) ?? 0);
    }

    /// <summary>Of a question that was just stored: what the turn before it took is most of its prompt.</summary>
    public static async Task<QuotaAmount> OfAsync(CalangoDb db, Conversation conversation, Message question, Guid turnId, CatalogModel? model, CancellationToken cancellationToken)
    {
        var before = await db.Set<Turn>().AsNoTracking()
            .Where(turn => turn.ConversationId == conversation.Id && turn.Id != turnId && turn.InputTokens != null)
            .OrderByDescending(turn => turn.Id).Select(turn => turn.ContextTokens ?? (turn.InputTokens + turn.OutputTokens)).FirstOrDefaultAsync(cancellationToken);
        var prompt = (before ?? TokenEstimate.Of(conversation.SystemPrompt) + TokenEstimate.PerMessage) + question.Tokens + TokenEstimate.PerMessage;
        return Of(model, Math.Min(prompt, PromptBudget.Of(conversation, model).Tokens), conversation.MaxOutputTokens);
    }

    /// <summary>What a turn took. Of a call that brought nothing, and of which its service told nothing, nothing is known.</summary>
    public static QuotaAmount Took(Turn turn) => turn is { FirstTokenAt: null, TokensEstimated: true } ? QuotaAmount.None
        : new QuotaAmount(turn.InputTokens ?? 0, turn.OutputTokens ?? 0, turn.CostNanoUsd ?? 0);
}
