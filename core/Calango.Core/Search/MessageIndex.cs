using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Search;

/// <summary>A text that can be searched for.</summary>
/// <param name="MessageId">The message; null: the title of the chat.</param>
/// <param name="ConversationId">The chat.</param>
/// <param name="AccountId">Who may find it.</param>
/// <param name="Text">The text.</param>
public sealed record IndexedText(Guid? MessageId, Guid ConversationId, Guid AccountId, string Text);

/// <summary>Keeps the full-text index in step with the messages, inside the unit of work that changes them. Thread-safe.</summary>
public sealed class MessageIndex(DatabaseOptions options)
{
    // A tsvector holds a megabyte at most; far more words than anyone searches for in one message.
    internal const int MaxIndexedLength = 200_000;

    private readonly ISearchDialect _dialect = SearchDialect.Of(options);

    /// <summary>Indexes a title in the place of the one that the chat had.</summary>
    public async Task ReplaceTitleAsync(CalangoDb db, Guid conversationId, Guid accountId, string title, CancellationToken cancellationToken)
    {
        await db.Set<SearchEntry>().Where(entry => entry.ConversationId == conversationId && entry.MessageId == null).ExecuteDeleteAsync(cancellationToken);
        await AddAsync(db, new IndexedText(null, conversationId, accountId, title), cancellationToken);
    }

    /// <summary>Adds a text; of a very long one, its beginning. Deleting its message or chat removes it.</summary>
    public Task AddAsync(CalangoDb db, IndexedText entry, CancellationToken cancellationToken) => _dialect.AddAsync(db, entry, cancellationToken);
}
