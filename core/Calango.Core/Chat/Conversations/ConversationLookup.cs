using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Finds chats through their owner: the look-up is the authorization.</summary>
internal static class ConversationLookup
{
    private static readonly CompiledQuery<Func<CalangoDb, Guid, Guid, CancellationToken, Task<Conversation?>>> Find = new(() => EF.CompileAsyncQuery(
        (CalangoDb db, Guid accountId, Guid id, CancellationToken cancellationToken) => db.Set<Conversation>().AsNoTracking().SingleOrDefault(
            conversation => conversation.Id == id && conversation.AccountId == accountId && conversation.DeletedAt == null)));

    private static readonly CompiledQuery<Func<CalangoDb, Guid, Guid, CancellationToken, Task<Conversation?>>> FindToChange = new(() => EF.CompileAsyncQuery(
        (CalangoDb db, Guid accountId, Guid id, CancellationToken cancellationToken) => db.Set<Conversation>().AsTracking().SingleOrDefault(
            conversation => conversation.Id == id && conversation.AccountId == accountId && conversation.DeletedAt == null)));

    private static readonly CompiledQuery<Func<CalangoDb, Guid, CancellationToken, Task<bool>>> IsAnswered = new(() => EF.CompileAsyncQuery(
        (CalangoDb db, Guid id, CancellationToken cancellationToken) => db.Set<Turn>().Any(turn => turn.ConversationId == id && turn.State < TurnState.Complete)));

    /// <summary>The account's chats that are not deleted.</summary>
    public static IQueryable<Conversation> ConversationsOf(this CalangoDb db, Guid accountId) =>
        db.Set<Conversation>().Where(conversation => conversation.AccountId == accountId && conversation.DeletedAt == null);

    /// <summary>The account's chats that are deleted and can be brought back.</summary>
    public static IQueryable<Conversation> TrashOf(this CalangoDb db, Guid accountId) =>
        db.Set<Conversation>().Where(conversation => conversation.AccountId == accountId && conversation.DeletedAt > Conversation.BeyondRestoring);

    /// <summary>The chat; null: not there, deleted, or somebody else's.</summary>
    public static Task<Conversation?> FindConversationAsync(this CalangoDb db, Guid accountId, Guid id, CancellationToken cancellationToken) =>
        Find.For(db)(db, accountId, id, cancellationToken);

    /// <summary>The chat, tracked and held until the transaction ends: who else wants to change it waits.</summary>
    /// <exception cref="NotFoundException">Not there, deleted, or somebody else's.</exception>
    public static async Task<Conversation> HoldConversationAsync(this CalangoDb db, Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        if (!db.IsSqlite) // whose one writer holds everything already
        {
            await db.Database.ExecuteSqlAsync($"""SELECT 1 FROM conversations WHERE "Id" = {id} FOR UPDATE""", cancellationToken);
        }

        return await FindToChange.For(db)(db, accountId, id, cancellationToken) ?? throw new NotFoundException();
    }

    /// <summary>The chat, held, with no answer being written in it. The rows decide, in whichever process the answer is written.</summary>
    /// <exception cref="NotFoundException">Not there, deleted, or somebody else's.</exception>
    /// <exception cref="RejectedException"><c>chat.busy</c>.</exception>
    public static async Task<Conversation> HoldIdleConversationAsync(this CalangoDb db, Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        var conversation = await db.HoldConversationAsync(accountId, id, cancellationToken);
        if (await IsAnswered.For(db)(db, id, cancellationToken))
        {
            throw new RejectedException("chat.busy");
        }

        return conversation;
    }
}
