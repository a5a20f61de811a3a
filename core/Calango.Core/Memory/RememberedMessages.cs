using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Search;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Memory;

/// <summary>The messages that a memory is about. Thread-safe.</summary>
internal sealed class RememberedMessages(Database database)
{
    /// <summary>The newest entry that the search has, of anybody.</summary>
    public Task<long> NewestAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(async db => await db.Set<SearchEntry>().MaxAsync(entry => (long?)entry.Number, cancellationToken) ?? 0, cancellationToken);

    /// <summary>Some that have no place yet, the newest first.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="after">None of these entries or older ones.</param>
    /// <param name="before">None of these or newer ones.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<RememberedMessage>> NextAsync(ChatMemory memory, long after, long before, int most, CancellationToken cancellationToken) => database.ReadAsync(
        db => (from entry in Of(db, memory.AccountId)
               where entry.Number > after && entry.Number < before && !db.Set<MessageVector>().Any(vector => vector.EntryNumber == entry.Number)
               join message in db.Set<Message>() on entry.MessageId equals message.Id
               orderby entry.Number descending
               select new RememberedMessage(entry.Number, message.Text)).Take(most).ToListAsync(cancellationToken),
        cancellationToken);

    /// <summary>How many there are, and how many of them have a place.</summary>
    public Task<(int Placed, int All)> CountAsync(ChatMemory memory, CancellationToken cancellationToken) => database.ReadAsync(
        async db => (
            await Of(db, memory.AccountId).CountAsync(entry => db.Set<MessageVector>().Any(vector => vector.EntryNumber == entry.Number && vector.Part == 0), cancellationToken),
            await Of(db, memory.AccountId).CountAsync(cancellationToken)), cancellationToken);

    // A chat whose messages are not to be remembered is left out here, and nowhere else.
    private static IQueryable<SearchEntry> Of(CalangoDb db, Guid accountId) =>
        from entry in db.Set<SearchEntry>()
        where entry.AccountId == accountId && entry.MessageId != null
        join chat in db.Set<Conversation>() on entry.ConversationId equals chat.Id
        where chat.DeletedAt == null
        select entry;
}

/// <summary>A message to be placed.</summary>
/// <param name="EntryNumber">The number under which the search knows it.</param>
/// <param name="Text">Markdown.</param>
internal sealed record RememberedMessage(long EntryNumber, string Text);
