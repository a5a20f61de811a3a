using Calango.Core.Data;
using Calango.Core.Files;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Deletes pictures that were attached and never sent, and the bytes of those that no chat has any more.</summary>
internal sealed class PictureCleanUp(Database database, Blobs blobs, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 100;

    // Who has not sent it by then has forgotten it.
    private static readonly TimeSpan WaitsFor = TimeSpan.FromDays(7);

    // One that was just handed in belongs to no chat yet.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var until = now - WaitsFor;
        var forgotten = await database.WriteAsync(
            db => db.Set<ChatPicture>().Where(picture => picture.MessageId == null && picture.CreatedAt < until).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        var used = (await database.ReadAsync(db => db.Set<ChatPicture>().Select(picture => picture.BlobKey).Distinct().ToListAsync(cancellationToken), cancellationToken)).ToHashSet(StringComparer.Ordinal);
        // An id says when it was made, so an older one is a smaller text.
        var newest = ChatPicture.KeyOf(Guid.CreateVersion7(now - Fresh));
        var unused = (await blobs.ListAsync(Blobs.Pictures, cancellationToken)).Where(key => !used.Contains(key) && string.CompareOrdinal(key, newest) < 0).Take(AtOnce).ToList();
        foreach (var key in unused)
        {
            await blobs.DeleteAsync(key, cancellationToken);
        }

        return forgotten + unused.Count;
    }
}
