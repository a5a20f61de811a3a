using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Puts chats where somebody wants them, one or many at once, and takes that back. Thread-safe.</summary>
public sealed class ChatActs(Database database, TurnsRunning running, TimeProvider clock)
{
    /// <summary>How many chats can be pinned: they all stand above the others.</summary>
    public const int MostPinned = 50;

    /// <summary>Does it to those of the chats that are there, whole or not at all. One that was so already stays as it is.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="ids">The chats.</param>
    /// <param name="act">What to do.</param>
    /// <param name="target">The folder to move them to, null for none, or the tag.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The chats that changed, as they were.</returns>
    /// <exception cref="NotFoundException">None of the chats is there, or the folder or tag is not.</exception>
    /// <exception cref="RejectedException"><c>pin.tooMany</c>.</exception>
    public async Task<IReadOnlyList<PlacedChat>> DoAsync(Guid accountId, IReadOnlyCollection<Guid> ids, ChatAct act, Guid? target, CancellationToken cancellationToken)
    {
        Guid[] wanted = [.. ids.Distinct()];
        var changed = await database.WriteAsync(
            async db =>
            {
                if (act == ChatAct.Tag)
                {
                    // Who puts the same tag on the same chat at the same moment finds it there.
                    await db.HoldOrderAsync(accountId, cancellationToken);
                }

                var found = await db.ConversationsOf(accountId).Where(chat => EF.Parameter(wanted).Contains(chat.Id))
                    .Select(chat => new Standing(chat.Id, chat.FolderId, chat.PinnedAt != null, chat.ArchivedAt != null)).ToListAsync(cancellationToken);
                if (found.Count == 0 || !await IsThereAsync(db, accountId, act, target, cancellationToken))
                {
                    throw new NotFoundException();
                }

                var others = await OthersAsync(db, found, act, target, cancellationToken);
                await ChangeAsync(db, accountId, [.. others.Select(chat => chat.Id)], act, target, cancellationToken);
                return others;
            },
            cancellationToken);
        if (act == ChatAct.Trash)
        {
            foreach (var chat in changed)
            {
                await running.StopAllOfAsync(chat.Id);
            }
        }

        return [.. changed.Select(chat => new PlacedChat(chat.Id, chat.FolderId))];
    }

    /// <summary>Takes an act back, for those of the chats that are still there.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="act">What was done.</param>
    /// <param name="target">The folder or tag of the act.</param>
    /// <param name="before">What <see cref="DoAsync"/> returned.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">None of the chats is there, or a folder is not.</exception>
    public async Task UndoAsync(Guid accountId, ChatAct act, Guid? target, IReadOnlyCollection<PlacedChat> before, CancellationToken cancellationToken)
    {
        if (act == ChatAct.Trash)
        {
            await RestoreAsync(accountId, [.. before.Select(chat => chat.Id)], cancellationToken);
            return;
        }

        foreach (var group in before.GroupBy(chat => act == ChatAct.Move ? chat.FolderId : target))
        {
            await DoAsync(accountId, [.. group.Select(chat => chat.Id)], act.Opposite(), group.Key, cancellationToken);
        }
    }

    private Task RestoreAsync(Guid accountId, Guid[] ids, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            if (await db.TrashOf(accountId).Where(chat => EF.Parameter(ids).Contains(chat.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(chat => chat.DeletedAt, (DateTimeOffset?)null), cancellationToken) == 0)
            {
                throw new NotFoundException();
            }
        },
        cancellationToken);

    private static async Task<bool> IsThereAsync(CalangoDb db, Guid accountId, ChatAct act, Guid? target, CancellationToken cancellationToken) => act switch
    {
        ChatAct.Move => target is null || await db.Set<Folder>().AnyAsync(folder => folder.Id == target && folder.AccountId == accountId, cancellationToken),
        ChatAct.Tag or ChatAct.Untag => await db.Set<Tag>().AnyAsync(tag => tag.Id == target && tag.AccountId == accountId, cancellationToken),
        _ => true,
    };

    // Those that are not so already.
    private static async Task<List<Standing>> OthersAsync(CalangoDb db, List<Standing> found, ChatAct act, Guid? target, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. found.Select(chat => chat.Id)];
        var tagged = act is ChatAct.Tag or ChatAct.Untag
            ? await db.Set<ChatTag>().Where(tag => tag.TagId == target && EF.Parameter(ids).Contains(tag.ConversationId)).Select(tag => tag.ConversationId).ToHashSetAsync(cancellationToken)
            : [];
        return found.FindAll(chat => act switch
        {
            ChatAct.Pin => !chat.IsPinned,
            ChatAct.Unpin => chat.IsPinned,
            ChatAct.Archive => !chat.IsArchived,
            ChatAct.Unarchive => chat.IsArchived,
            ChatAct.Move => chat.FolderId != target,
            ChatAct.Tag => !tagged.Contains(chat.Id),
            ChatAct.Untag => tagged.Contains(chat.Id),
            _ => true,
        });
    }

    private async Task ChangeAsync(CalangoDb db, Guid accountId, Guid[] ids, ChatAct act, Guid? target, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        var chats = db.ConversationsOf(accountId).Where(chat => EF.Parameter(ids).Contains(chat.Id));
        switch (act)
        {
            case ChatAct.Pin:
                if (ids.Length + await db.ConversationsOf(accountId).CountAsync(chat => chat.ArchivedAt == null && chat.PinnedAt != null, cancellationToken) > MostPinned)
                {
                    throw new RejectedException("pin.tooMany", ("most", $"{MostPinned}"));
                }

                await chats.ExecuteUpdateAsync(set => set.SetProperty(chat => chat.PinnedAt, now), cancellationToken);
                break;
            case ChatAct.Unpin:
                await chats.ExecuteUpdateAsync(set => set.SetProperty(chat => chat.PinnedAt, (DateTimeOffset?)null), cancellationToken);
                break;
            case ChatAct.Archive:
                await chats.ExecuteUpdateAsync(set => set.SetProperty(chat => chat.ArchivedAt, now), cancellationToken);
                break;
            case ChatAct.Unarchive:
                await chats.ExecuteUpdateAsync(set => set.SetProperty(chat => chat.ArchivedAt, (DateTimeOffset?)null), cancellationToken);
                break;
            case ChatAct.Move:
                await chats.ExecuteUpdateAsync(set => set.SetProperty(chat => chat.FolderId, target), cancellationToken);
                break;
            case ChatAct.Tag:
                db.AddRange(ids.Select(id => new ChatTag { ConversationId = id, TagId = target!.Value }));
                await db.SaveChangesAsync(cancellationToken);
                break;
            case ChatAct.Untag:
                await db.Set<ChatTag>().Where(tag => tag.TagId == target && EF.Parameter(ids).Contains(tag.ConversationId)).ExecuteDeleteAsync(cancellationToken);
                break;
            case ChatAct.Trash:
                await chats.ExecuteUpdateAsync(set => set.SetProperty(chat => chat.DeletedAt, now), cancellationToken);
                break;
        }
    }

    private sealed record Standing(Guid Id, Guid? FolderId, bool IsPinned, bool IsArchived);
}
