using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Quotas;

/// <summary>Removes balances of periods that are long over.</summary>
internal sealed class QuotaCleanUp(Database database, TimeProvider clock) : ICleanUp
{
    private const int KeptMonths = 3;

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        // As texts, days and months sort as they follow each other.
        var oldest = QuotaBalance.KeyOf(QuotaPeriod.Month, clock.GetUtcNow().AddMonths(-KeptMonths));
        return database.WriteAsync(db => db.Set<QuotaBalance>().Where(balance => balance.Period.CompareTo(oldest) < 0).ExecuteDeleteAsync(cancellationToken), cancellationToken);
    }
}
