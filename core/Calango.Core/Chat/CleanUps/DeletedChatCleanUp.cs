using Calango.Core.Data;
using Calango.Core.Jobs;
using Calango.Core.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Removes chats that were deleted long ago, with their messages and all that hangs from these: turns, traces, what the search knows, and with its own documents.</summary>
internal sealed class DeletedChatCleanUp(Database database, RetentionOptions retention, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 50;

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() - retention.DeletedChats;
        return database.WriteAsync(async db =>
        {
            while (await FindAsync(db, until, cancellationToken) is { } chatId)
            {
                if (await TakeAsync(db, chatId, until, cancellationToken))
                {
                    return await RemoveSomeAsync(db, chatId, cancellationToken);
                }
            }

            return 0;
        }, cancellationToken);
    }

    private static Task<Guid?> FindAsync(CalangoDb db, DateTimeOffset until, CancellationToken cancellationToken) =>
        db.Set<Conversation>().Where(chat => chat.DeletedAt <= until).OrderBy(chat => chat.DeletedAt).Select(chat => (Guid?)chat.Id).FirstOrDefaultAsync(cancellationToken);

    // From its first message on it is beyond restoring: nobody shall get half a chat back. False: somebody was quicker.
    private static async Task<bool> TakeAsync(CalangoDb db, Guid chatId, DateTimeOffset until, CancellationToken cancellationToken) =>
        await db.Set<Conversation>().Where(chat => chat.Id == chatId && chat.DeletedAt <= until)
            .ExecuteUpdateAsync(set => set.SetProperty(chat => chat.DeletedAt, Conversation.BeyondRestoring), cancellationToken) > 0;

    /// <summary>Removes some of a chat that is beyond restoring, and at last the chat itself; 0: nothing is left of it.</summary>
    internal static async Task<int> RemoveSomeAsync(CalangoDb db, Guid chatId, CancellationToken cancellationToken)
    {
        var messages = await db.Set<Message>().Where(message => message.ConversationId == chatId).OrderBy(message => message.Sequence).Take(AtOnce)
            .ExecuteDeleteAsync(cancellationToken);
        if (messages == AtOnce)
        {
            return messages;
        }

        await DocumentIntake.RemoveCollectionsOfChatAsync(db, chatId, cancellationToken);
        return messages + await db.Set<Conversation>().Where(chat => chat.Id == chatId).ExecuteDeleteAsync(cancellationToken);
    }
}
