using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Removes kept answers whose time is over: they are given to nobody any more.</summary>
internal sealed class KeptAnswerCleanUp(Database database, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 50;

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() - KeptAnswers.KeptFor;
        return database.WriteAsync(
            db => db.Set<KeptAnswer>().Where(kept => kept.CreatedAt <= until).OrderBy(kept => kept.CreatedAt).Take(AtOnce).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}
