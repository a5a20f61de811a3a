using System.Collections.Concurrent;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Files;

/// <summary>The pictures of people. Each has an id that nobody can guess and that no other picture ever has. Thread-safe.</summary>
public sealed partial class Avatars
{
    /// <summary>The most bytes that a picture that is handed in may have.</summary>
    public const int LargestFile = 10 * 1024 * 1024;

    /// <summary>What every picture is.</summary>
    public const string ContentType = Pictures.ContentType;

    // Another replica may have changed it.
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly Database _database;
    private readonly Blobs _blobs;
    private readonly TimeProvider _clock;
    private readonly ILogger<Avatars> _logger;
    private readonly ConcurrentDictionary<Guid, (Guid? Id, long ReadAt)> _known = new();

    internal Avatars(Database database, Blobs blobs, TimeProvider clock, ILogger<Avatars> logger) => (_database, _blobs, _clock, _logger) = (database, blobs, clock, logger);

    /// <summary>The id of somebody's picture; null: they have none.</summary>
    public async ValueTask<Guid?> OfAsync(Guid accountId, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(accountId, out var known) && _clock.GetElapsedTime(known.ReadAt) < Remembered)
        {
            return known.Id;
        }

        var id = await _database.ReadAsync(
            db => db.Set<Account>().Where(account => account.Id == accountId).Select(account => account.AvatarId).FirstOrDefaultAsync(cancellationToken), cancellationToken);
        _known[accountId] = (id, _clock.GetTimestamp());
        return id;
    }

    /// <summary>Opens a picture, which the caller disposes; null: there is none with this id.</summary>
    /// <exception cref="BlobException">The store could not say.</exception>
    public Task<BlobContent?> OpenAsync(Guid id, CancellationToken cancellationToken) => _blobs.OpenAsync(KeyOf(id), cancellationToken);

    /// <summary>Gives somebody another picture.</summary>
    /// <exception cref="RejectedException">It is no picture, or too large.</exception>
    /// <exception cref="BlobException">It could not be stored; they have the one from before.</exception>
    public async Task SetAsync(Guid accountId, Stream file, CancellationToken cancellationToken)
    {
        var picture = await Pictures.SquareAsync(await ReadAsync(file, cancellationToken), _clock, cancellationToken);
        var id = Guid.CreateVersion7(_clock.GetUtcNow());
        await _blobs.PutAsync(KeyOf(id), new MemoryStream(picture), Pictures.ContentType, cancellationToken);
        await ChangeAsync(accountId, id, cancellationToken);
    }

    /// <summary>Takes somebody's picture away. Having none is fine.</summary>
    public Task RemoveAsync(Guid accountId, CancellationToken cancellationToken) => ChangeAsync(accountId, null, cancellationToken);

    internal static string KeyOf(Guid id) => $"{Blobs.Avatars}{id:N}";

    private async Task ChangeAsync(Guid accountId, Guid? id, CancellationToken cancellationToken)
    {
        var before = await _database.WriteAsync(async db =>
        {
            var account = await db.Set<Account>().SingleAsync(account => account.Id == accountId, cancellationToken);
            var old = account.AvatarId;
            account.AvatarId = id;
            await db.SaveChangesAsync(cancellationToken);
            return old;
        }, cancellationToken);
        _known.TryRemove(accountId, out _);
        if (before is { } gone)
        {
            try
            {
                await _blobs.DeleteAsync(KeyOf(gone), CancellationToken.None);
            }
            catch (BlobException exception)
            {
                // The clean-up finds it.
                LogLeft(_logger, exception.Kind);
            }
        }
    }

    private static async Task<byte[]> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[81920];
        while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (read.Length + count > LargestFile)
            {
                throw new RejectedException("avatar.tooLarge");
            }

            read.Write(buffer, 0, count);
        }

        return read.ToArray();
    }

    [LoggerMessage(LogLevel.Warning, "A picture that nobody has any more could not be deleted ({Kind}); the clean-up will")]
    private static partial void LogLeft(ILogger logger, BlobErrorKind kind);
}
