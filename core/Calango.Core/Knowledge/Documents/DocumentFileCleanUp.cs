using Calango.Core.Data;
using Calango.Core.Files;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>Deletes files that no document has: a crash came between the file and its row, or the store was away.</summary>
internal sealed class DocumentFileCleanUp(Database database, Blobs blobs, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 100;

    // One that was just handed in belongs to no document yet.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var used = (await database.ReadAsync(db => db.Set<Document>().Select(document => document.BlobKey).ToListAsync(cancellationToken), cancellationToken)).ToHashSet(StringComparer.Ordinal);
        // An id says when it was made, so an older one is a smaller text.
        var newest = DocumentIntake.KeyOf(Guid.CreateVersion7(clock.GetUtcNow() - Fresh));
        var unused = (await blobs.ListAsync(Blobs.Documents, cancellationToken)).Where(key => !used.Contains(key) && string.CompareOrdinal(key, newest) < 0).Take(AtOnce).ToList();
        foreach (var key in unused)
        {
            await blobs.DeleteAsync(key, cancellationToken);
        }

        return unused.Count;
    }
}
