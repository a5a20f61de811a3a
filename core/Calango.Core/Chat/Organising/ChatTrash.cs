using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Deleted chats, gone for good before their time. From then on nobody sees them; <see cref="DeletedChatCleanUp"/> removes what is left of them. Thread-safe.</summary>
public sealed class ChatTrash(Database database, RetentionOptions retention)
{
    /// <summary>How long a deleted chat can be brought back.</summary>
    public TimeSpan Kept => retention.DeletedChats;

    /// <summary>One that can be brought back; null: it is not there, or not in the trash.</summary>
    public Task<ConversationItem?> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.TrashOf(accountId).Where(chat => chat.Id == id).Select(ConversationItem.Shown).SingleOrDefaultAsync(cancellationToken), cancellationToken);

    /// <summary>Deletes one for good.</summary>
    /// <exception cref="NotFoundException">It is not there, or not in the trash.</exception>
    public async Task RemoveAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        if (await RemoveAsync(db => db.TrashOf(accountId).Where(chat => chat.Id == id), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }
    }

    /// <summary>Deletes all for good.</summary>
    public Task EmptyAsync(Guid accountId, CancellationToken cancellationToken) => RemoveAsync(db => db.TrashOf(accountId), cancellationToken);

    private Task<int> RemoveAsync(Func<CalangoDb, IQueryable<Conversation>> chats, CancellationToken cancellationToken) => database.WriteAsync(
        db => chats(db).ExecuteUpdateAsync(set => set.SetProperty(chat => chat.DeletedAt, Conversation.BeyondRestoring), cancellationToken), cancellationToken);
}
