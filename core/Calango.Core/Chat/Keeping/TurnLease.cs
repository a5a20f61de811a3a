using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>This process's word, in the database, that it still runs its turns: where it stops coming, another may call them interrupted.</summary>
internal sealed class TurnLease(Database database, TurnsRunning running, TimeProvider clock)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);
    private long _renewedAt;

    /// <summary>Until when a turn that starts now is ours.</summary>
    public DateTimeOffset Until => clock.GetUtcNow() + Length;

    /// <summary>Renews it where it is time.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var ids = running.All.Select(run => run.Turn.Id).ToList();
        if (clock.GetElapsedTime(_renewedAt) < RenewEvery || ids.Count == 0)
        {
            return;
        }

        var until = Until;
        await database.WriteAsync(
            db => db.Set<Turn>().Where(turn => ids.Contains(turn.Id) && turn.State < TurnState.Complete)
                .ExecuteUpdateAsync(set => set.SetProperty(turn => turn.LeaseUntil, until), cancellationToken), cancellationToken);
        _renewedAt = clock.GetTimestamp();
    }
}
