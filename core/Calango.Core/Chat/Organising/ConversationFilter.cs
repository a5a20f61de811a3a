using Calango.Core.Data;

namespace Calango.Core.Chat;

/// <summary>Which chats a list has.</summary>
/// <param name="Shelf">Where they stand.</param>
/// <param name="FolderId">In which folder; null: wherever, or, of loose ones, in none.</param>
/// <param name="TagId">With which tag; null: whichever they have.</param>
public sealed record ConversationFilter(ChatShelf Shelf = ChatShelf.Listed, Guid? FolderId = null, Guid? TagId = null)
{
    internal IQueryable<Conversation> Of(CalangoDb db, Guid accountId)
    {
        var chats = db.ConversationsOf(accountId);
        chats = Shelf switch
        {
            ChatShelf.Archived => chats.Where(chat => chat.ArchivedAt != null),
            ChatShelf.Loose => chats.Where(chat => chat.ArchivedAt == null && chat.PinnedAt == null && chat.FolderId == FolderId),
            _ => chats.Where(chat => chat.ArchivedAt == null),
        };
        if (FolderId is not null && Shelf != ChatShelf.Loose)
        {
            chats = chats.Where(chat => chat.FolderId == FolderId);
        }

        return TagId is null ? chats : chats.Where(chat => db.Set<ChatTag>().Any(tagged => tagged.ConversationId == chat.Id && tagged.TagId == TagId));
    }
}

/// <summary>Where chats stand.</summary>
public enum ChatShelf
{
    /// <summary>All that are not archived.</summary>
    Listed,

    /// <summary>Those that are archived.</summary>
    Archived,

    /// <summary>Those that are neither archived nor pinned, in one folder or in none.</summary>
    Loose,
}
