using Calango.Core.Data;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>Reads and stores the calls of tools, inside a unit of work.</summary>
internal static class ToolUses
{
    private const string NotKnown = "Error: the turn ended before this call did; it is not known whether it took effect.";

    /// <summary>Those of some answers, in order.</summary>
    public static async Task<ILookup<Guid, ToolUse>> OfAsync(CalangoDb db, IReadOnlyList<Guid> turnIds, CancellationToken cancellationToken) =>
        (await db.Set<ToolUse>().AsNoTracking().Where(use => turnIds.Contains(use.TurnId)).OrderBy(use => use.Position).ToListAsync(cancellationToken))
            .ToLookup(use => use.TurnId);

    /// <summary>Stores them as they are now, in place of what is stored of their turn.</summary>
    public static async Task StoreAsync(CalangoDb db, Guid turnId, IReadOnlyList<ToolUse> uses, CancellationToken cancellationToken)
    {
        if (uses.Count == 0)
        {
            return;
        }

        await db.Set<ToolUse>().Where(use => use.TurnId == turnId).ExecuteDeleteAsync(cancellationToken);
        db.AddRange(uses);
        await db.SaveChangesAsync(cancellationToken);
        var tokens = uses.Sum(TokensOf);
        await db.Set<Message>().Where(message => message.Id == turnId)
            .ExecuteUpdateAsync(set => set.SetProperty(message => message.Tokens, message => message.Tokens + tokens), cancellationToken);
    }

    /// <summary>Nobody runs these turns any more, so nothing will come of what was open in them.</summary>
    public static Task InterruptAsync(CalangoDb db, IReadOnlyList<Guid> turnIds, DateTimeOffset at, CancellationToken cancellationToken) =>
        db.Set<ToolUse>().Where(use => turnIds.Contains(use.TurnId) && use.State <= ToolUseState.Running).ExecuteUpdateAsync(
            set => set.SetProperty(use => use.State, ToolUseState.Interrupted).SetProperty(use => use.EndedAt, at), cancellationToken);

    /// <summary>An answer as it is sent again: its text, each of its rounds of calls, and what came of them.</summary>
    public static IEnumerable<ChatMessage> Messages(string text, IEnumerable<ToolUse> uses)
    {
        var from = 0;
        foreach (var round in uses.GroupBy(use => use.Round))
        {
            var to = Math.Clamp(round.First().Offset, from, text.Length);
            var said = text[from..to].Trim();
            from = to;
            // An id may come again in another round, and some services take an id once.
            List<AIContent> contents = said.Length > 0 ? [new TextContent(said)] : [];
            contents.AddRange(round.Select(use => ToolArguments.CallOf(use)));
            yield return new ChatMessage(ChatRole.Assistant, contents);
            yield return new ChatMessage(ChatRole.Tool, [.. round.Select(use => new FunctionResultContent(IdOf(use), ResultOf(use)))]);
        }

        if (text[from..].Trim() is { Length: > 0 } rest)
        {
            yield return new ChatMessage(ChatRole.Assistant, rest);
        }
    }

    /// <summary>An id of our own, unique in the whole chat and of a form that every service takes.</summary>
    public static string IdOf(ToolUse use) => $"call_{use.Id:N}";

    private static string ResultOf(ToolUse use) => use.IsOpen || use.State == ToolUseState.Interrupted ? NotKnown : use.Result;

    /// <summary>What one takes in a prompt.</summary>
    public static int TokensOf(ToolUse use) =>
        TokenEstimate.Of(use.Name) + TokenEstimate.Of(use.Arguments) + TokenEstimate.Of(use.Result) + (3 * TokenEstimate.PerMessage);
}
