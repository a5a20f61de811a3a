using Calango.Core.Chat;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Exchange;

/// <summary>In which folders a chat lies and which tags it has: by their names, so that it is the same on every server.</summary>
internal static class ChatOrder
{
    /// <summary>Adds it to what is written down of a chat.</summary>
    public static async Task<ExchangedChat> WithOrderAsync(this ExchangedChat written, CalangoDb db, Conversation chat, CancellationToken cancellationToken)
    {
        var tags = await (from tagged in db.Set<ChatTag>()
                          join tag in db.Set<Tag>() on tagged.TagId equals tag.Id
                          where tagged.ConversationId == chat.Id
                          select new ExchangedTag(tag.Name, tag.Color)).ToListAsync(cancellationToken);
        return written with
        {
            Folder = chat.FolderId is { } folder ? await PathAsync(db, chat.AccountId, folder, cancellationToken) : null,
            Tags = tags.Count > 0 ? [.. tags.OrderBy(tag => tag.Name, StringComparer.Ordinal)] : null,
        };
    }

    /// <summary>
    /// Puts a chat that comes from elsewhere where it stood there, within the unit of work that makes it visible. Folders and tags of those names are
    /// used; what is missing is made, as far as there may be more.
    /// </summary>
    public static async Task PlaceAsync(CalangoDb db, Guid accountId, ExchangedChat chat, ImportLosses losses, CancellationToken cancellationToken)
    {
        if (chat is { Folder: null, Tags: null, PinnedAt: null })
        {
            return;
        }

        await db.HoldOrderAsync(accountId, cancellationToken);
        var folder = chat.Folder is { } path ? await FolderAsync(db, accountId, path, losses, cancellationToken) : null;
        var isPinned = chat.PinnedAt is not null && await db.ConversationsOf(accountId).CountAsync(other => other.PinnedAt != null && other.ArchivedAt == null && other.Id != chat.Id, cancellationToken) < ChatActs.MostPinned;
        losses.Note("pin", chat.PinnedAt is not null && !isPinned ? 1 : 0);
        await TagAsync(db, accountId, chat, losses, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await db.Set<Conversation>().Where(row => row.Id == chat.Id && row.AccountId == accountId).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.FolderId, folder).SetProperty(row => row.PinnedAt, isPinned ? chat.PinnedAt : null), cancellationToken);
    }

    private static async Task<List<string>?> PathAsync(CalangoDb db, Guid accountId, Guid folderId, CancellationToken cancellationToken)
    {
        var folders = await db.Set<Folder>().Where(folder => folder.AccountId == accountId).ToDictionaryAsync(folder => folder.Id, cancellationToken);
        var path = new List<string>();
        for (Guid? at = folderId; at is { } id && folders.TryGetValue(id, out var folder) && path.Count < Folder.MaxDepth; at = folder.ParentId)
        {
            path.Insert(0, folder.Name);
        }

        return path.Count > 0 ? path : null;
    }

    private static async Task<Guid?> FolderAsync(CalangoDb db, Guid accountId, IReadOnlyList<string> path, ImportLosses losses, CancellationToken cancellationToken)
    {
        var folders = await db.Set<Folder>().AsNoTracking().Where(folder => folder.AccountId == accountId).OrderBy(folder => folder.Position).ToListAsync(cancellationToken);
        Guid? parent = null;
        foreach (var name in path)
        {
            var siblings = folders.FindAll(folder => folder.ParentId == parent);
            if (siblings.Find(folder => folder.Name == name) is not { } there)
            {
                if (folders.Count >= Folder.Most)
                {
                    losses.Note("folder");
                    break;
                }

                there = new Folder { Id = Guid.CreateVersion7(), AccountId = accountId, ParentId = parent, Name = name, Position = siblings.Count > 0 ? siblings[^1].Position + 1 : 0 };
                db.Add(there);
                folders.Add(there);
            }

            parent = there.Id;
        }

        return parent;
    }

    private static async Task TagAsync(CalangoDb db, Guid accountId, ExchangedChat chat, ImportLosses losses, CancellationToken cancellationToken)
    {
        if (chat.Tags is null)
        {
            return;
        }

        var tags = await db.Set<Tag>().AsNoTracking().Where(tag => tag.AccountId == accountId).ToListAsync(cancellationToken);
        foreach (var wanted in chat.Tags)
        {
            var (name, compared) = Tags.Accepted(wanted.Name);
            if (tags.Find(tag => tag.NormalizedName == compared) is not { } there)
            {
                if (tags.Count >= Tag.Most)
                {
                    losses.Note("tag");
                    continue;
                }

                there = new Tag { Id = Guid.CreateVersion7(), AccountId = accountId, Name = name, NormalizedName = compared, Color = wanted.Color };
                db.Add(there);
                tags.Add(there);
            }

            db.Add(new ChatTag { ConversationId = chat.Id, TagId = there.Id });
        }
    }
}
