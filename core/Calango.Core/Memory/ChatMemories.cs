using Calango.Core.Data;
using Calango.Core.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Memory;

/// <summary>Whether somebody wants their chats to be found by what they mean. Thread-safe.</summary>
public sealed class ChatMemories
{
    private readonly Database _database;
    private readonly RememberedMessages _messages;
    private readonly MemoryIndexes _indexes;
    private readonly MemoryBell _bell;
    private readonly TimeProvider _clock;

    internal ChatMemories(Database database, RememberedMessages messages, MemoryIndexes indexes, MemoryBell bell, TimeProvider clock) =>
        (_database, _messages, _indexes, _bell, _clock) = (database, messages, indexes, bell, clock);

    /// <summary>Somebody's; null: they do not want it.</summary>
    public Task<ChatMemory?> FindAsync(Guid accountId, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.Set<ChatMemory>().SingleOrDefaultAsync(memory => memory.AccountId == accountId, cancellationToken), cancellationToken);

    /// <summary>How far one is: of how many messages, how many can be found.</summary>
    public Task<(int Placed, int All)> CountAsync(ChatMemory memory, CancellationToken cancellationToken) => _messages.CountAsync(memory, cancellationToken);

    /// <summary>Wants it, by this model. What another had placed is gone at once.</summary>
    public async Task ChooseAsync(Guid accountId, EmbedderChoice embedder, CancellationToken cancellationToken)
    {
        var chosen = new ChatMemory
        {
            Id = Guid.CreateVersion7(_clock.GetUtcNow()),
            AccountId = accountId,
            ConnectionId = embedder.Model.ConnectionId,
            ModelId = embedder.Model.ModelId,
            Fingerprint = embedder.Fingerprint,
        };
        ChatMemory? before;
        try
        {
            before = await _database.WriteAsync(db => ReplaceAsync(db, chosen, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            // Another page of theirs has chosen in the same moment: now that is the one before.
            before = await _database.WriteAsync(db => ReplaceAsync(db, chosen, cancellationToken), cancellationToken);
        }

        _indexes.Forget(before?.Id);
        _bell.Ring();
    }

    /// <summary>Does not want it any more: all that was placed is gone at once.</summary>
    public async Task ForgetAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var before = await FindAsync(accountId, cancellationToken);
        await _database.WriteAsync(db => db.Set<ChatMemory>().Where(memory => memory.AccountId == accountId).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        _indexes.Forget(before?.Id);
    }

    // The one before; null: there was none, or it was the same.
    private static async Task<ChatMemory?> ReplaceAsync(CalangoDb db, ChatMemory chosen, CancellationToken cancellationToken)
    {
        var now = await db.Set<ChatMemory>().AsNoTracking().SingleOrDefaultAsync(memory => memory.AccountId == chosen.AccountId, cancellationToken);
        if (now?.Embedder == chosen.Embedder)
        {
            return null;
        }

        await db.Set<ChatMemory>().Where(memory => memory.AccountId == chosen.AccountId).ExecuteDeleteAsync(cancellationToken);
        db.Add(chosen);
        await db.SaveChangesAsync(cancellationToken);
        return now;
    }
}
