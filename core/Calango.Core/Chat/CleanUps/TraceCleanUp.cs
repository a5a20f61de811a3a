using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>
/// Removes what was sent for old answers: each has the chat before it once more, so they outgrow the chats themselves. How
/// the turn went, its tokens and its cost stay.
/// </summary>
internal sealed class TraceCleanUp(Database database, RetentionOptions retention, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 50;

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        // Ids rise with time: the oldest stand together in the order of the key.
        var firstKept = Guid.CreateVersion7(clock.GetUtcNow() - retention.Traces);
        return database.WriteAsync(
            db => db.Set<TurnTrace>()
                .Where(trace => trace.Id < firstKept && db.Set<Turn>().Any(turn => turn.Id == trace.Id && turn.State >= TurnState.Complete))
                .OrderBy(trace => trace.Id).Take(AtOnce).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}
