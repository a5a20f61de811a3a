using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Exchange;

/// <summary>
/// Where a chat of a file belongs. It keeps its ids where they are free. Where one is taken by something else, all of the chat's get others,
/// which follow from the old ones and from whose it is: whoever brings it again meets it.
/// </summary>
/// <param name="File">The chat, with the ids that it has here.</param>
/// <param name="Outcome">What becomes of it.</param>
internal sealed record ChatPlace(ChatFile File, ChatOutcome Outcome)
{
    private const int AtOnce = 500;

    /// <summary>Finds it.</summary>
    public static async Task<ChatPlace> FindAsync(CalangoDb db, Guid accountId, ChatFile file, CancellationToken cancellationToken)
    {
        if (await LookAsync(db, accountId, file, cancellationToken) is { } outcome)
        {
            return new ChatPlace(file, outcome);
        }

        var renamed = Renamed(accountId, file);
        return new ChatPlace(renamed, await LookAsync(db, accountId, renamed, cancellationToken) ?? ChatOutcome.Failed);
    }

    // Null: it can't be here under these ids.
    private static async Task<ChatOutcome?> LookAsync(CalangoDb db, Guid accountId, ChatFile file, CancellationToken cancellationToken)
    {
        var there = await db.Set<Conversation>().AsNoTracking().Where(chat => chat.Id == file.Chat.Id).Select(chat => new { chat.AccountId, chat.DeletedAt }).SingleOrDefaultAsync(cancellationToken);
        if (there is not null && there.AccountId != accountId)
        {
            return null;
        }

        var isThere = there is not null && there.DeletedAt != Conversation.BeyondRestoring;
        var known = 0;
        foreach (var ids in file.Messages.Select(message => message.Id).Chunk(AtOnce))
        {
            var rows = await db.Set<Message>().AsNoTracking().Where(message => ids.Contains(message.Id)).Select(message => message.ConversationId).ToListAsync(cancellationToken);
            if (rows.Exists(chat => chat != file.Chat.Id))
            {
                return null;
            }

            known += rows.Count;
        }

        if (isThere)
        {
            return there!.DeletedAt is null && known == file.Messages.Count ? ChatOutcome.Known : ChatOutcome.Grown;
        }

        return await HasTakenAsync(db, file, cancellationToken) ? null : ChatOutcome.Added;
    }

    private static async Task<bool> HasTakenAsync(CalangoDb db, ChatFile file, CancellationToken cancellationToken)
    {
        foreach (var ids in file.Messages.SelectMany(message => message.ToolUses ?? []).Select(use => use.Id).Chunk(AtOnce))
        {
            if (await (from use in db.Set<ToolUse>()
                       join message in db.Set<Message>() on use.TurnId equals message.Id
                       where ids.Contains(use.Id) && message.ConversationId != file.Chat.Id
                       select use.Id).AnyAsync(cancellationToken))
            {
                return true;
            }
        }

        var (collection, documents) = (file.Chat.Files?.CollectionId, file.Chat.Files?.Documents.Select(document => document.Id).ToList() ?? []);
        return await db.Set<Collection>().AnyAsync(row => row.Id == collection && row.ConversationId != file.Chat.Id, cancellationToken)
            || await db.Set<Document>().AnyAsync(row => documents.Contains(row.Id) && row.CollectionId != collection, cancellationToken);
    }

    private static ChatFile Renamed(Guid accountId, ChatFile file)
    {
        return new ChatFile(
            file.Chat with
            {
                Id = New(file.Chat.Id),
                HeadId = NewOrNone(file.Chat.HeadId),
                Files = file.Chat.Files is not { } files ? null : files with
                {
                    CollectionId = New(files.CollectionId),
                    Documents = [.. files.Documents.Select(document => document with { Id = New(document.Id) })],
                },
            },
            [.. file.Messages.Select(Renamed)]);

        Guid New(Guid id) => DerivedId.InPlaceOf(accountId, id);

        Guid? NewOrNone(Guid? id) => id is { } known ? New(known) : null;

        ExchangedMessage Renamed(ExchangedMessage message) => message with
        {
            Id = New(message.Id),
            ParentId = NewOrNone(message.ParentId),
            SelectedChildId = NewOrNone(message.SelectedChildId),
            Turn = message.Turn is not { } turn ? null : turn with { ContinuesId = NewOrNone(turn.ContinuesId), RerunOf = NewOrNone(turn.RerunOf), FirstIncludedId = NewOrNone(turn.FirstIncludedId) },
            ToolUses = message.ToolUses?.Select(use => use with { Id = New(use.Id) }).ToList(),
            Sources = message.Sources?.Select(source => file.Chat.Files is { } own && own.CollectionId == source.CollectionId
                ? source with { CollectionId = New(source.CollectionId), DocumentId = New(source.DocumentId) } : source).ToList(),
        };
    }
}

/// <summary>What becomes of a chat of a file.</summary>
public enum ChatOutcome
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It was there, and had less: what is new in it was added.</summary>
    Grown,

    /// <summary>It was there, with all that it has.</summary>
    Known,

    /// <summary>It was there, and an answer is being written in it now.</summary>
    Busy,

    /// <summary>It could not be stored.</summary>
    Failed,
}
