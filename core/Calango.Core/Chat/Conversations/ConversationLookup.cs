using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Finds chats through their owner: the look-up is the authorization.</summary>
internal static class ConversationLookup
{
    /// <summary>The account's chats that are not deleted.</summary>
    public static IQueryable<Conversation> ConversationsOf(this CalangoDb db, Guid accountId) =>
        db.Set<Conversation>().Where(conversation => conversation.AccountId == accountId && conversation.DeletedAt == null);

    /// <summary>The chat, tracked and held until the transaction ends: who else wants to change it waits.</summary>
    /// <exception cref="NotFoundException">Not there, deleted, or somebody else's.</exception>
    public static async Task<Conversation> HoldConversationAsync(this CalangoDb db, Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        var rows = db.IsSqlite
            ? db.Set<Conversation>()  // its one writer holds everything already
            : db.Set<Conversation>().FromSql($"""SELECT * FROM conversations WHERE "Id" = {id} FOR UPDATE""");
        return await rows.AsTracking().SingleOrDefaultAsync(
                conversation => conversation.Id == id && conversation.AccountId == accountId && conversation.DeletedAt == null, cancellationToken)
            ?? throw new NotFoundException();
    }

    /// <summary>The chat, held, with no answer being written in it. The rows decide, in whichever process the answer is written.</summary>
    /// <exception cref="NotFoundException">Not there, deleted, or somebody else's.</exception>
    /// <exception cref="RejectedException"><c>chat.busy</c>.</exception>
    public static async Task<Conversation> HoldIdleConversationAsync(this CalangoDb db, Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        var conversation = await db.HoldConversationAsync(accountId, id, cancellationToken);
        if (await db.Set<Turn>().AnyAsync(turn => turn.ConversationId == id && turn.State < TurnState.Complete, cancellationToken))
        {
            throw new RejectedException("chat.busy");
        }

        return conversation;
    }
}
