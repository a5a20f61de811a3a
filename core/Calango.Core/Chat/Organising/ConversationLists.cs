using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>A person's chats in lists, each read through an index of its own. Thread-safe.</summary>
public sealed class ConversationLists(Database database, TurnsRunning running)
{
    /// <summary>The chats of a list, the last written in first, from <paramref name="before"/> on.</summary>
    public Task<ConversationPage> ListAsync(Guid accountId, ConversationFilter filter, ConversationCursor? before, int take, CancellationToken cancellationToken) =>
        database.ReadAsync(db => PageAsync(db, accountId, filter, before, take, cancellationToken), cancellationToken);

    /// <summary>Those that are pinned, the last pinned first.</summary>
    public Task<IReadOnlyList<ConversationItem>> PinnedAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        async db => WithState(await db.ConversationsOf(accountId).Where(chat => chat.ArchivedAt == null && chat.PinnedAt != null).OrderByDescending(chat => chat.PinnedAt)
            .Select(ConversationItem.Shown).ToListAsync(cancellationToken)),
        cancellationToken);

    /// <summary>The deleted ones that can be brought back, the last deleted first.</summary>
    public Task<ConversationPage> TrashAsync(Guid accountId, ConversationCursor? before, int take, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var chats = db.TrashOf(accountId);
            if (before is { At: var at, Id: var id })
            {
                chats = chats.Where(chat => chat.DeletedAt < at || (chat.DeletedAt == at && chat.Id < id));
            }

            var rows = await chats.OrderByDescending(chat => chat.DeletedAt).ThenByDescending(chat => chat.Id).Take(take + 1).Select(ConversationItem.Shown).ToListAsync(cancellationToken);
            return PageOf(rows, take, item => item.DeletedAt!.Value);
        },
        cancellationToken);

    private async Task<ConversationPage> PageAsync(CalangoDb db, Guid accountId, ConversationFilter filter, ConversationCursor? before, int take, CancellationToken cancellationToken)
    {
        var chats = filter.Of(db, accountId);
        if (before is { At: var at, Id: var id })
        {
            chats = chats.Where(chat => chat.ActiveAt < at || (chat.ActiveAt == at && chat.Id < id));
        }

        var rows = await chats.OrderByDescending(chat => chat.ActiveAt).ThenByDescending(chat => chat.Id).Take(take + 1).Select(ConversationItem.Shown).ToListAsync(cancellationToken);
        return PageOf(rows, take, item => item.ActiveAt);
    }

    private ConversationPage PageOf(List<ConversationItem> rows, int take, Func<ConversationItem, DateTimeOffset> order)
    {
        var items = WithState(rows.Take(take));
        return new ConversationPage(items, rows.Count > take ? new ConversationCursor(order(items[^1]), items[^1].Id) : null);
    }

    private IReadOnlyList<ConversationItem> WithState(IEnumerable<ConversationItem> items) => [.. items.Select(item => item with { Running = running.IsBusy(item.Id) })];
}
