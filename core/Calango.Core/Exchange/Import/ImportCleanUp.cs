using Calango.Core.Data;
using Calango.Core.Files;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Exchange;

/// <summary>Removes imports of some time ago, and files that no import has: somebody never said that they want them, or a crash came between the file and its row.</summary>
internal sealed class ImportCleanUp(Database database, Blobs blobs, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 100;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    // One that was just handed in has no row yet.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var old = now - Kept;
        var removed = await database.WriteAsync(
            db => db.Set<ChatImport>().Where(import => import.CreatedAt <= old && import.State != ImportState.Running && import.State != ImportState.Looking).OrderBy(import => import.Id).Take(AtOnce).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        if (removed > 0)
        {
            return removed;
        }

        var used = (await database.ReadAsync(
            db => db.Set<ChatImport>().Where(import => import.State <= ImportState.Ready).Select(import => import.Id).ToListAsync(cancellationToken), cancellationToken)).Select(ChatImports.KeyOf).ToHashSet(StringComparer.Ordinal);
        var newest = ChatImports.KeyOf(Guid.CreateVersion7(now - Fresh));
        var unused = (await blobs.ListAsync(Blobs.Imports, cancellationToken)).Where(key => !used.Contains(key) && string.CompareOrdinal(key, newest) < 0).Take(AtOnce).ToList();
        foreach (var key in unused)
        {
            await blobs.DeleteAsync(key, cancellationToken);
        }

        return unused.Count;
    }
}
