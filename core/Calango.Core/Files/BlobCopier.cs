using System.Security.Cryptography;
using Calango.Sdk;

namespace Calango.Core.Files;

/// <summary>Copies one blob from a place to another, and reads the copy again: it counts once its digest is the one that the blob had.</summary>
internal sealed class BlobCopier(BlobPlaces places, TimeProvider clock)
{
    private const int Tries = 4;

    /// <summary>Returns how many bytes it has; null: it isn't there any more.</summary>
    /// <exception cref="BlobException">It could not be copied, <see cref="BlobErrorKind.Damaged"/> where what was read isn't what was put there.</exception>
    public async Task<long?> CopyAsync(BlobPlace from, BlobPlace to, string key, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryCopyAsync(from, to, key, cancellationToken);
            }
            catch (BlobException exception) when (attempt < Tries && exception.Kind is BlobErrorKind.Unreachable or BlobErrorKind.Failed)
            {
                await Task.Delay(TimeSpan.FromSeconds(attempt), clock, cancellationToken);
            }
        }
    }

    /// <summary>What is said of a blob of a place; null: there is none.</summary>
    public Task<BlobInfo?> FindAsync(BlobPlace place, string key, CancellationToken cancellationToken) =>
        places.UseAsync(place, (store, settings) => store.FindAsync(key, settings, cancellationToken));

    /// <summary>Deletes one of a place.</summary>
    public Task DeleteAsync(BlobPlace place, string key, CancellationToken cancellationToken) =>
        places.UseAsync(place, async (store, settings) => { await store.DeleteAsync(key, settings, cancellationToken); return true; });

    private async Task<long?> TryCopyAsync(BlobPlace from, BlobPlace to, string key, CancellationToken cancellationToken)
    {
        if (await FindAsync(from, key, cancellationToken) is not { } source)
        {
            return null;
        }

        // A move that was cut off has left some there: they are read again like the others.
        if (await FindAsync(to, key, cancellationToken) is not { } there || there.Length != source.Length || there.Sha256 is null || there.Sha256 != source.Sha256)
        {
            if (!await PutAsync(from, to, key, source, cancellationToken))
            {
                return null;
            }
        }

        var wanted = source.Sha256 ?? await DigestOfAsync(from, key, cancellationToken);
        if (await DigestOfAsync(to, key, cancellationToken) is { } digest && digest != wanted)
        {
            await DeleteAsync(to, key, cancellationToken);
            throw new BlobException(BlobErrorKind.Damaged);
        }

        if (await FindAsync(from, key, cancellationToken) is null)
        {
            // Deleted while it was copied: the copy must not outlive it.
            await DeleteAsync(to, key, cancellationToken);
            return null;
        }

        return source.Length;
    }

    private async Task<bool> PutAsync(BlobPlace from, BlobPlace to, string key, BlobInfo source, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await places.OpenAsync(from, key, null, cancellationToken);
            var put = await places.UseAsync(to, (store, settings) => store.PutAsync(key, content.Stream, source.ContentType, settings, cancellationToken));
            return put.Length == source.Length && (source.Sha256 is null || put.Sha256 == source.Sha256) ? true : throw new BlobException(BlobErrorKind.Damaged);
        }
        catch (BlobException exception) when (exception.Kind == BlobErrorKind.NotFound)
        {
            return false;
        }
    }

    private async Task<string?> DigestOfAsync(BlobPlace place, string key, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await places.OpenAsync(place, key, null, cancellationToken);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content.Stream, cancellationToken));
        }
        catch (BlobException exception) when (exception.Kind == BlobErrorKind.NotFound)
        {
            // Deleted meanwhile, which is looked for next.
            return null;
        }
    }
}
