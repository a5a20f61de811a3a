using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Search;

/// <summary>A text that can be searched for.</summary>
/// <param name="MessageId">The message; null: the title of the chat.</param>
/// <param name="ConversationId">The chat.</param>
/// <param name="AccountId">Who may find it.</param>
/// <param name="Text">The text.</param>
public sealed record IndexedText(Guid? MessageId, Guid ConversationId, Guid AccountId, string Text);

/// <summary>Keeps the full-text index in step with the messages, inside the unit of work that changes them.</summary>
public sealed class MessageIndex
{
    // A tsvector holds a megabyte at most; far more words than anyone searches for in one message.
    private const int MaxIndexedLength = 200_000;

    /// <summary>Indexes a title in the place of the one that the chat had.</summary>
    public async Task ReplaceTitleAsync(CalangoDb db, Guid conversationId, Guid accountId, string title, CancellationToken cancellationToken)
    {
        await db.Set<SearchEntry>().Where(entry => entry.ConversationId == conversationId && entry.MessageId == null).ExecuteDeleteAsync(cancellationToken);
        await AddAsync(db, new IndexedText(null, conversationId, accountId, title), cancellationToken);
    }

    /// <summary>Adds a text. Deleting its message or chat removes it.</summary>
    public async Task AddAsync(CalangoDb db, IndexedText entry, CancellationToken cancellationToken)
    {
        var words = SearchWords.Fold(entry.Text.Length > MaxIndexedLength ? entry.Text[..MaxIndexedLength] : entry.Text);
        if (db.IsSqlite)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO search_entries ("AccountId", "ConversationId", "MessageId") VALUES ({entry.AccountId}, {entry.ConversationId}, {entry.MessageId})
                """, cancellationToken);
            await db.Database.ExecuteSqlAsync($"INSERT INTO search_words (rowid, words) VALUES (last_insert_rowid(), {words})", cancellationToken);
        }
        else
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO search_entries ("AccountId", "ConversationId", "MessageId", "Words")
                VALUES ({entry.AccountId}, {entry.ConversationId}, {entry.MessageId}, to_tsvector('simple', {words}))
                """, cancellationToken);
        }
    }
}
