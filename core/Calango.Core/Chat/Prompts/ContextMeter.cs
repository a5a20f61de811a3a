using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>How full a model's window is. Thread-safe.</summary>
public sealed class ContextMeter(Database database, ModelCatalog catalog)
{
    /// <summary>What the next prompt of a chat takes already, before anything is typed.</summary>
    /// <exception cref="NotFoundException">No such chat.</exception>
    public async Task<ContextUse> OfAsync(Guid accountId, Guid conversationId, CancellationToken cancellationToken)
    {
        var (conversation, turn) = await database.ReadAsync(async db =>
        {
            var conversation = await db.ConversationsOf(accountId).SingleOrDefaultAsync(conversation => conversation.Id == conversationId, cancellationToken)
                ?? throw new NotFoundException();
            return (conversation, await db.Set<Turn>().SingleOrDefaultAsync(turn => turn.Id == conversation.HeadId, cancellationToken));
        }, cancellationToken);
        return Of(conversation, conversation.Model is { } model ? await catalog.FindKnownAsync(accountId, model, cancellationToken) : null, turn);
    }

    /// <summary>The same for a chat whose model and last turn are at hand.</summary>
    public static ContextUse Of(Conversation conversation, CatalogModel? model, Turn? lastTurn)
    {
        var budget = PromptBudget.Of(conversation, model);
        var used = lastTurn?.ContextTokens ?? (lastTurn is { InputTokens: { } input, OutputTokens: { } output } ? input + output : 0);
        return new ContextUse(used, lastTurn?.TokensEstimated ?? true, budget.Window, budget.Tokens, lastTurn?.OmittedMessages ?? 0);
    }
}

/// <summary>How full a model's window is.</summary>
/// <param name="UsedTokens">What the last turn took, prompt and answer: what the next prompt starts with.</param>
/// <param name="Estimated">The count is ours, not the service's.</param>
/// <param name="WindowTokens">The model's window; null: unknown.</param>
/// <param name="LimitTokens">What a prompt may have: the person's limit, or what the window leaves.</param>
/// <param name="OmittedMessages">How many of the oldest messages no longer fit.</param>
public sealed record ContextUse(int UsedTokens, bool Estimated, int? WindowTokens, int LimitTokens, int OmittedMessages)
{
    /// <summary>How full, 0 to 100.</summary>
    public int Percent => (int)Math.Min(100, 100L * UsedTokens / Math.Max(1, LimitTokens));

    /// <summary>Soon the oldest messages will be left out.</summary>
    public bool NearLimit => Percent >= 80;
}
