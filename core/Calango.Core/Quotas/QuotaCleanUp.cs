using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Quotas;

/// <summary>Gives back what was put aside for calls that died with their process, and removes balances of periods that are long over.</summary>
internal sealed class QuotaCleanUp(Database database, QuotaBook book, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 200;
    private const int KeptMonths = 3;

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            if (await book.GiveBackExpiredAsync(db, AtOnce, cancellationToken) is var given and > 0)
            {
                return given;
            }

            // As texts, days and months sort as they follow each other.
            var oldest = QuotaBalance.KeyOf(QuotaPeriod.Month, clock.GetUtcNow().AddMonths(-KeptMonths));
            return await db.Set<QuotaBalance>().Where(balance => balance.Period.CompareTo(oldest) < 0).ExecuteDeleteAsync(cancellationToken);
        },
        cancellationToken);
}
