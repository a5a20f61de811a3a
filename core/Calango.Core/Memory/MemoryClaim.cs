using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Memory;

/// <summary>A memory for which this process places messages, until it is chosen otherwise or another process does. Thread-safe.</summary>
internal sealed class MemoryClaim(ChatMemory memory, Database database, TimeProvider clock)
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly Guid _id = Guid.CreateVersion7();

    public ChatMemory Memory => memory;

    /// <summary>Takes it. False: another process has it, or it is gone.</summary>
    public Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        var (now, until) = (clock.GetUtcNow(), clock.GetUtcNow() + Length);
        return database.WriteAsync(
            async db => await db.Set<ChatMemory>().Where(row => row.Id == memory.Id && (row.ClaimedBy == null || row.ClaimedUntil <= now)).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.ClaimedBy, _id).SetProperty(row => row.ClaimedUntil, until), cancellationToken) > 0,
            cancellationToken);
    }

    /// <summary>Holds it for longer. False: it is not ours any more.</summary>
    public Task<bool> RenewAsync(CancellationToken cancellationToken) => database.WriteAsync(db => RenewAsync(db, cancellationToken), cancellationToken);

    /// <summary>Stores vectors, where it is still ours. False: it is not.</summary>
    public Task<bool> StoreAsync(IReadOnlyList<MessageVector> vectors, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            // First, so that whoever would take it away waits for the end of this unit of work, or this one for theirs.
            if (!await RenewAsync(db, cancellationToken))
            {
                return false;
            }

            db.AddRange(vectors);
            await db.SaveChangesAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary>Gives it back.</summary>
    /// <param name="failure">Why it does not go on; null: it does.</param>
    public Task LeaveAsync(MemoryFailure? failure) => database.WriteAsync(
        db => db.Set<ChatMemory>().Where(row => row.Id == memory.Id && row.ClaimedBy == _id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ClaimedBy, (Guid?)null).SetProperty(row => row.Failure, failure), CancellationToken.None), CancellationToken.None);

    private async Task<bool> RenewAsync(CalangoDb db, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + Length;
        return await db.Set<ChatMemory>().Where(row => row.Id == memory.Id && row.ClaimedBy == _id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedUntil, until), cancellationToken) > 0;
    }
}
