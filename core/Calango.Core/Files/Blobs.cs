using Calango.Sdk;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Files;

/// <summary>
/// Bytes that are no rows of the database. They are put into the place that counts, and found wherever they are while they
/// are moved. Who keeps a blob gives it a key that no other bytes ever had, a random or a digest: then a copy is a copy,
/// whenever it was made. Thread-safe.
/// </summary>
public sealed partial class Blobs
{
    private readonly BlobPlaces _places;
    private readonly ILogger<Blobs> _logger;

    /// <summary>Pictures of people.</summary>
    public const string Avatars = "avatars/";

    /// <summary>Packages of installed plugins.</summary>
    public const string Packages = "packages/";

    /// <summary>Files of documents.</summary>
    public const string Documents = "documents/";

    /// <summary>Pictures in questions.</summary>
    public const string Pictures = "pictures/";

    internal Blobs(BlobPlaces places, ILogger<Blobs> logger) => (_places, _logger) = (places, logger);

    /// <summary>Files of chats that somebody brings, until they are taken in.</summary>
    public const string Imports = "imports/";

    /// <summary>The beginnings of all keys: a bucket may have objects that are nobody's here.</summary>
    internal static IReadOnlyList<string> Areas { get; } = [Avatars, Packages, Documents, Pictures, Imports];

    /// <summary>Puts a blob into the place that counts. Returns once it is there for good.</summary>
    /// <exception cref="BlobException">It could not be.</exception>
    public async Task<BlobInfo> PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        var place = Active(await _places.ReadAsync(cancellationToken));
        var info = await _places.UseAsync(place, (store, settings) => store.PutAsync(key, content, contentType, settings, cancellationToken));
        // Another place may count by now, and whoever moved there may not have seen this one any more.
        for (var now = Active(await _places.ReadAsync(cancellationToken)); now.Id != place.Id; now = Active(await _places.ReadAsync(cancellationToken)))
        {
            await using var copied = await _places.OpenAsync(place, key, null, cancellationToken);
            await _places.UseAsync(now, (store, settings) => store.PutAsync(key, copied.Stream, contentType, settings, cancellationToken));
            place = now;
        }

        return info;
    }

    /// <summary>Opens a blob, which the caller disposes; null: there is none.</summary>
    /// <exception cref="BlobException">The place that counts could not say.</exception>
    public async Task<BlobContent?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var places = await _places.ListAsync(cancellationToken);
        if (await TryOpenAsync(places, key, cancellationToken) is { } found)
        {
            return found;
        }

        // It may be where another process has moved it to.
        return await TryOpenAsync(await _places.ReadAsync(cancellationToken), key, cancellationToken);
    }

    /// <summary>Deletes a blob wherever it is. One that isn't there is fine.</summary>
    /// <exception cref="BlobException">The place that counts could not.</exception>
    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        // What is copied from comes first: who copies looks there once more when a copy is made, and takes it back.
        foreach (var place in (await _places.ReadAsync(cancellationToken)).Where(place => place.Role != BlobPlaceRole.Empty)
            .OrderBy(place => place.Role switch { BlobPlaceRole.Former => 0, BlobPlaceRole.Active => 1, _ => 2 }))
        {
            try
            {
                await DeleteAsync(place, key, cancellationToken);
            }
            catch (BlobException exception) when (place.Role != BlobPlaceRole.Active)
            {
                LogLeft(_logger, place.PluginId, exception.Kind);
            }
        }
    }

    /// <summary>All keys of the place that counts with this beginning.</summary>
    /// <exception cref="BlobException">It could not say.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var place = Active(await _places.ListAsync(cancellationToken));
        var keys = new List<string>();
        string? continuation = null;
        do
        {
            var page = await _places.UseAsync(place, (store, settings) => store.ListAsync(prefix, continuation, settings, cancellationToken));
            keys.AddRange(page.Keys);
            continuation = page.Continuation;
        }
        while (continuation is not null);

        return keys;
    }

    private static BlobPlace Active(IReadOnlyList<BlobPlace> places) => places.Single(place => place.Role == BlobPlaceRole.Active);

    private async Task<BlobContent?> TryOpenAsync(IReadOnlyList<BlobPlace> places, string key, CancellationToken cancellationToken)
    {
        foreach (var place in places.Where(place => place.Role is BlobPlaceRole.Active or BlobPlaceRole.Former).OrderBy(place => place.Role))
        {
            try
            {
                return await _places.OpenAsync(place, key, null, cancellationToken);
            }
            catch (BlobException exception) when (exception.Kind == BlobErrorKind.NotFound || place.Role == BlobPlaceRole.Former)
            {
                // Another may have it.
            }
        }

        return null;
    }

    private Task DeleteAsync(BlobPlace place, string key, CancellationToken cancellationToken) => _places.UseAsync(place, async (store, settings) =>
    {
        await store.DeleteAsync(key, settings, cancellationToken);
        return true;
    });

    [LoggerMessage(LogLevel.Warning, "A file that was deleted could not be deleted where {Plugin} keeps a copy of it ({Kind})")]
    private static partial void LogLeft(ILogger logger, string plugin, BlobErrorKind kind);
}
