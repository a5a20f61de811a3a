using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Exchange;

/// <summary>
/// Stores chats that come from elsewhere. A new one is written bit by bit and is beyond anybody's reach until it is whole: what a killed process
/// leaves of one is cleaned up as what a deleted chat leaves. What is added to one that is there is added at once, or not at all. Thread-safe.
/// </summary>
internal sealed class ChatShelf(Database database, ChatRows rows, ChatDocuments documents)
{
    private const int MessagesAtOnce = 100;

    /// <summary>Stores one.</summary>
    /// <param name="accountId">Whose it will be.</param>
    /// <param name="file">The chat, tidied.</param>
    /// <param name="open">Opens a file of the archive that it came in; null: there is none.</param>
    /// <param name="done">Is called in the unit of work that makes it visible, with what has become of it.</param>
    /// <param name="losses">Counts what does not come along.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ChatOutcome> StoreAsync(
        Guid accountId, ChatFile file, Func<string, Task<Stream?>> open, Func<CalangoDb, ChatOutcome, Task> done, ImportLosses losses, CancellationToken cancellationToken)
    {
        var place = await database.ReadAsync(db => ChatPlace.FindAsync(db, accountId, file, cancellationToken), cancellationToken);
        try
        {
            switch (place.Outcome)
            {
                case ChatOutcome.Added:
                    await AddAsync(accountId, place.File, open, done, losses, cancellationToken);
                    break;
                case ChatOutcome.Grown:
                    await GrowAsync(accountId, place.File, done, cancellationToken);
                    break;
            }

            return place.Outcome;
        }
        catch (RejectedException rejected) when (rejected.Code == "chat.busy")
        {
            return ChatOutcome.Busy;
        }
        catch (Exception failure) when (failure is DbUpdateException or NotFoundException)
        {
            // Somebody has removed it, or taken one of its ids, meanwhile.
            return ChatOutcome.Failed;
        }
    }

    private async Task AddAsync(Guid accountId, ChatFile file, Func<string, Task<Stream?>> open, Func<CalangoDb, ChatOutcome, Task> done, ImportLosses losses, CancellationToken cancellationToken)
    {
        var id = file.Chat.Id;
        while (await database.WriteAsync(db => RemoveRemainsAsync(db, id, cancellationToken), cancellationToken) > 0)
        {
        }

        await database.WriteAsync(db => rows.AddChatAsync(db, accountId, file, cancellationToken), cancellationToken);
        var depths = new Dictionary<Guid, int>();
        foreach (var messages in file.Messages.Chunk(MessagesAtOnce))
        {
            await database.WriteAsync(db => rows.AddMessagesAsync(db, accountId, id, messages, depths, cancellationToken), cancellationToken);
        }

        await AddDocumentsAsync(accountId, id, file.Chat.Files, open, losses, cancellationToken);
        await database.WriteAsync(
            async db =>
            {
                await ChatOrder.PlaceAsync(db, accountId, file.Chat, losses, cancellationToken);
                await rows.ShowAsync(db, accountId, file.Chat, cancellationToken);
                await done(db, ChatOutcome.Added);
            },
            cancellationToken);
    }

    private static async Task<int> RemoveRemainsAsync(CalangoDb db, Guid id, CancellationToken cancellationToken) =>
        await db.Set<Conversation>().AnyAsync(chat => chat.Id == id && chat.DeletedAt == Conversation.BeyondRestoring, cancellationToken)
            ? await DeletedChatCleanUp.RemoveSomeAsync(db, id, cancellationToken)
            : 0;

    private async Task AddDocumentsAsync(Guid accountId, Guid chatId, ExchangedFiles? files, Func<string, Task<Stream?>> open, ImportLosses losses, CancellationToken cancellationToken)
    {
        foreach (var file in files?.Documents ?? [])
        {
            if (file.Path is null || await open(file.Path) is not { } content)
            {
                losses.Note("file");
                continue;
            }

            await using (content)
            {
                try
                {
                    await documents.BringAsync(accountId, chatId, new PastDocument(files!.CollectionId, files.CreatedAt, file.Id, file.Name, file.AddedAt, file.Address), content, cancellationToken);
                }
                catch (RejectedException)
                {
                    losses.Note("file");
                }
            }
        }
    }

    private Task GrowAsync(Guid accountId, ChatFile file, Func<CalangoDb, ChatOutcome, Task> done, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await db.Set<Conversation>().Where(chat => chat.Id == file.Chat.Id && chat.AccountId == accountId && chat.DeletedAt > Conversation.BeyondRestoring)
                .ExecuteUpdateAsync(set => set.SetProperty(chat => chat.DeletedAt, (DateTimeOffset?)null), cancellationToken);
            var chat = await db.HoldIdleConversationAsync(accountId, file.Chat.Id, cancellationToken);
            var depths = await db.Set<Message>().AsNoTracking().Where(message => message.ConversationId == chat.Id).ToDictionaryAsync(message => message.Id, message => message.Depth, cancellationToken);
            var fresh = file.Messages.Where(message => !depths.ContainsKey(message.Id)).Select(message => message with { Sequence = ++chat.LastSequence }).ToList();
            var follows = fresh.Count > 0 && (chat.HeadId is not { } head || file.Messages.Any(message => message.Id == head));
            await rows.AddMessagesAsync(db, accountId, chat.Id, fresh, depths, cancellationToken);
            if (follows)
            {
                // Nobody has written in it here since: it goes on as it does there.
                (chat.HeadId, chat.ActiveAt) = (file.Chat.HeadId, file.Chat.ActiveAt > chat.ActiveAt ? file.Chat.ActiveAt : chat.ActiveAt);
            }

            chat.HadTools |= fresh.Exists(message => message.ToolUses is not null);
            await db.SaveChangesAsync(cancellationToken);
            if (follows && chat.HeadId is { } shown)
            {
                await MessagePath.RememberAsync(db, shown, cancellationToken);
            }

            await done(db, ChatOutcome.Grown);
        },
        cancellationToken);
}
