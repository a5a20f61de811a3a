using System.Runtime.CompilerServices;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Files;

/// <summary>The record of the moves: what has to be done, who does it, and how far it is. Thread-safe.</summary>
internal sealed class BlobMoves(Database database, DatabaseOptions options, BlobPlaces places, TimeProvider clock)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Raised after one was put down here.</summary>
    public event Action? Added;

    /// <summary>The last one; null: there was none.</summary>
    public Task<BlobMove?> LastAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<BlobMove>().OrderByDescending(move => move.Id).FirstOrDefaultAsync(cancellationToken), cancellationToken);

    public Task<BlobMove?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<BlobMove>().FirstOrDefaultAsync(move => move.Id == id, cancellationToken), cancellationToken);

    /// <summary>Puts one down. The place that it goes to is stored with it.</summary>
    /// <param name="state">What is to be done.</param>
    /// <param name="from">The place that it copies from, or that is emptied.</param>
    /// <param name="to">The place that has them in the end.</param>
    /// <param name="changed">A place that changes with it; null: none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: another one runs, or the places are no longer what they were.</returns>
    public async Task<BlobMove?> AddAsync(BlobMoveState state, Guid from, Guid to, BlobPlace? changed, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var move = new BlobMove { Id = Guid.CreateVersion7(now), FromId = from, ToId = to, State = state, StartedAt = now, LeaseUntil = now };
        var isAdded = await database.WriteAsync(async db =>
        {
            // The row of the place that counts is the lock: two who begin at once come one after the other.
            var active = state == BlobMoveState.Removing ? to : from;
            if (await db.Set<BlobPlace>().Where(place => place.Id == active && place.Role == BlobPlaceRole.Active)
                    .ExecuteUpdateAsync(set => set.SetProperty(place => place.Role, BlobPlaceRole.Active), cancellationToken) == 0
                || await db.Set<BlobMove>().AnyAsync(other => other.State < BlobMoveState.Done, cancellationToken))
            {
                return false;
            }

            if (changed is not null && await db.Set<BlobPlace>().AsNoTracking().AnyAsync(place => place.Id == changed.Id, cancellationToken))
            {
                db.Update(changed);
            }
            else if (changed is not null)
            {
                db.Add(changed);
            }

            db.Add(move);
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }, cancellationToken);
        places.Drop();
        Added?.Invoke();
        return isAdded ? move : null;
    }

    /// <summary>Takes one that nobody works on; null: there is none.</summary>
    /// <param name="atStart">Whether this process has just begun: on SQLite nobody else can be at work then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BlobMove?> TakeAsync(bool atStart, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await LastAsync(cancellationToken) is not { IsRunning: true } move || (move.LeaseUntil > now && !(atStart && options.IsSqlite)))
        {
            return null;
        }

        var (seen, until) = (move.LeaseUntil, now + Lease);
        var taken = await database.WriteAsync(
            db => db.Set<BlobMove>().Where(row => row.Id == move.Id && row.LeaseUntil == seen).ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, until), cancellationToken),
            cancellationToken);
        return taken == 1 ? await FindAsync(move.Id, cancellationToken) : null;
    }

    /// <summary>Stores how far one is, which is still this process's for a while.</summary>
    public Task SaveAsync(BlobMove move, CancellationToken cancellationToken)
    {
        move.LeaseUntil = clock.GetUtcNow() + Lease;
        return database.WriteAsync(async db => { db.Update(move); await db.SaveChangesAsync(cancellationToken); }, cancellationToken);
    }

    /// <summary>Stores where one is, and what places are for from now on.</summary>
    public async Task TurnAsync(BlobMove move, BlobMoveState state, CancellationToken cancellationToken, params (Guid PlaceId, BlobPlaceRole Role)[] roles)
    {
        move.State = state;
        move.EndedAt = move.IsRunning ? null : clock.GetUtcNow();
        await database.WriteAsync(async db =>
        {
            foreach (var (placeId, role) in roles)
            {
                await db.Set<BlobPlace>().Where(place => place.Id == placeId).ExecuteUpdateAsync(set => set.SetProperty(place => place.Role, role), cancellationToken);
            }

            db.Update(move);
            await db.SaveChangesAsync(cancellationToken);
        }, cancellationToken);
        places.Drop();
    }

    /// <summary>One as it is, and again each time that it has gone on, until it has ended, in whichever process.</summary>
    public async IAsyncEnumerable<BlobMove> FollowAsync(Guid id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        (BlobMoveState, long, long)? told = null;
        while (await FindAsync(id, cancellationToken) is { } move)
        {
            if (told != (move.State, move.Found, move.Done))
            {
                told = (move.State, move.Found, move.Done);
                yield return move;
            }

            if (!move.IsRunning)
            {
                yield break;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
