using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Files;

/// <summary>Deletes pictures that nobody has: a crash came between the file and the account, or the store was away.</summary>
internal sealed class AvatarCleanUp(Database database, Blobs blobs, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 100;

    // One that was just handed in belongs to nobody yet.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var used = (await database.ReadAsync(
            db => db.Set<Account>().Where(account => account.AvatarId != null).Select(account => account.AvatarId!.Value).ToListAsync(cancellationToken), cancellationToken))
            .Select(Avatars.KeyOf).ToHashSet();
        // An id says when it was made, so an older one is a smaller text.
        var newest = Avatars.KeyOf(Guid.CreateVersion7(clock.GetUtcNow() - Fresh));
        var unused = (await blobs.ListAsync(Blobs.Avatars, cancellationToken))
            .Where(key => !used.Contains(key) && string.CompareOrdinal(key, newest) < 0).Take(AtOnce).ToList();
        foreach (var key in unused)
        {
            await blobs.DeleteAsync(key, cancellationToken);
        }

        return unused.Count;
    }
}
