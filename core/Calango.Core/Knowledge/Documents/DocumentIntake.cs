using Calango.Core.Data;
using Calango.Core.Files;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>Says within this process that there is a document to be taken in.</summary>
public sealed class IntakeBell : Bell;

/// <summary>
/// Puts documents down to be taken in, made anew or removed; <see cref="Ingestion"/> does it. Who may ask for that is said by
/// <see cref="Documents"/> and <see cref="Collections"/>. Thread-safe.
/// </summary>
public sealed class DocumentIntake
{
    /// <summary>The most bytes that a document may have.</summary>
    public const long LargestFile = 100 * 1024 * 1024;

    private const string ContentType = "application/octet-stream";

    private readonly SpoolFolder _spool;
    private readonly Database _database;
    private readonly Blobs _blobs;
    private readonly IntakeBell _bell;
    private readonly TimeProvider _clock;

    internal DocumentIntake(SpoolFolder spool, Database database, Blobs blobs, IntakeBell bell, TimeProvider clock) =>
        (_spool, _database, _blobs, _bell, _clock) = (spool, database, blobs, bell, clock);

    internal static string KeyOf(Guid content) => $"{Blobs.Documents}{content:N}";

    // A document of the same name gets the new content in the place of its own; the same content changes nothing.
    internal async Task<Document> AddAsync(Guid collectionId, Guid? accountId, string name, Stream content, IngestionPriority priority, CancellationToken cancellationToken, string? address = null, PastDocument? past = null)
    {
        var now = _clock.GetUtcNow();
        var key = KeyOf(Guid.CreateVersion7(now));
        await using var spooled = await SpooledFile.WriteAsync(_spool.Path, content, LargestFile, cancellationToken);
        var blob = await _blobs.PutAsync(key, spooled.Content, ContentType, cancellationToken);
        var sha256 = blob.Sha256 ?? "";
        var (document, unused) = await _database.WriteAsync(
            async db =>
            {
                if (await db.Set<Document>().SingleOrDefaultAsync(document => document.CollectionId == collectionId && document.Name == name, cancellationToken) is not { } known)
                {
                    known = new Document { Id = past?.Id ?? Guid.CreateVersion7(now), CollectionId = collectionId, Name = name, BlobKey = key, Sha256 = sha256 };
                    db.Add(known);
                }
                else if (known.Sha256 == sha256 && known.State is not (DocumentState.Failed or DocumentState.Removing))
                {
                    return (known, key);
                }

                var before = known.BlobKey == key ? null : known.BlobKey;
                (known.BlobKey, known.Sha256, known.Length, known.AddedBy, known.AddedAt, known.Priority, known.Address) = (key, sha256, blob.Length, accountId, past?.AddedAt ?? now, priority, address);
                (known.State, known.Failure, known.NextEdition, known.Done, known.ClaimedBy) = (DocumentState.Waiting, null, null, 0, null);
                await db.SaveChangesAsync(cancellationToken);
                return (known, before);
            },
            cancellationToken);
        if (unused is not null)
        {
            await DeleteBlobAsync(unused);
        }

        _bell.Ring();
        return document;
    }

    internal async Task TakeInAgainAsync(Guid collectionId, CancellationToken cancellationToken)
    {
        await _database.WriteAsync(
            async db =>
            {
                var documents = db.Set<Document>().Where(document => document.CollectionId == collectionId && document.State != DocumentState.Removing);
                // What somebody goes on with later begins anew then.
                await documents.ExecuteUpdateAsync(
                    set => set.SetProperty(document => document.NextEdition, (Guid?)null).SetProperty(document => document.Done, 0).SetProperty(document => document.ClaimedBy, (Guid?)null), cancellationToken);
                await documents.Where(document => document.State != DocumentState.Paused && document.State != DocumentState.Failed).ExecuteUpdateAsync(
                    set => set.SetProperty(document => document.State, DocumentState.Waiting).SetProperty(document => document.Priority, IngestionPriority.Again), cancellationToken);
            },
            cancellationToken);
        _bell.Ring();
    }

    // False: it is in no state in which this can be asked for.
    internal async Task<bool> MoveAsync(Guid id, DocumentState[] from, DocumentState to, CancellationToken cancellationToken)
    {
        var moved = await _database.WriteAsync(
            db => db.Set<Document>().Where(document => document.Id == id && from.Contains(document.State)).ExecuteUpdateAsync(
                set => set.SetProperty(document => document.State, to)
                    .SetProperty(document => document.Failure, (string?)null)
                    .SetProperty(document => document.ClaimedBy, (Guid?)null), cancellationToken), cancellationToken);
        _bell.Ring();
        return moved > 0;
    }

    internal async Task RemoveCollectionAsync(Guid collectionId, CancellationToken cancellationToken)
    {
        await _database.WriteAsync(db => RemoveAsync(db, collectionId, cancellationToken), cancellationToken);
        _bell.Ring();
    }

    // Within a unit of work: a chat takes its documents along. Within the minute somebody sees that they are to go.
    internal static async Task RemoveCollectionsOfChatAsync(CalangoDb db, Guid conversationId, CancellationToken cancellationToken)
    {
        foreach (var id in await db.Set<Collection>().Where(collection => collection.ConversationId == conversationId).Select(collection => collection.Id).ToListAsync(cancellationToken))
        {
            await RemoveAsync(db, id, cancellationToken);
        }
    }

    // Its documents go bit by bit, and may outlive the chat that it was for; the last one takes the collection along.
    private static async Task RemoveAsync(CalangoDb db, Guid collectionId, CancellationToken cancellationToken)
    {
        await db.Set<CollectionMember>().Where(member => member.CollectionId == collectionId).ExecuteDeleteAsync(cancellationToken);
        await db.Set<Source>().Where(source => source.CollectionId == collectionId).ExecuteDeleteAsync(cancellationToken);
        if (await db.Set<Document>().Where(document => document.CollectionId == collectionId).ExecuteUpdateAsync(
            set => set.SetProperty(document => document.State, DocumentState.Removing).SetProperty(document => document.ClaimedBy, (Guid?)null), cancellationToken) == 0)
        {
            await db.Set<Collection>().Where(collection => collection.Id == collectionId).ExecuteDeleteAsync(cancellationToken);
        }
        else
        {
            await db.Set<Collection>().Where(collection => collection.Id == collectionId).ExecuteUpdateAsync(
                set => set.SetProperty(collection => collection.IsRemoved, true).SetProperty(collection => collection.ConversationId, (Guid?)null), cancellationToken);
        }
    }

    internal async Task DeleteBlobAsync(string key)
    {
        try
        {
            await _blobs.DeleteAsync(key, CancellationToken.None);
        }
        catch (Sdk.BlobException)
        {
            // The clean-up finds it.
        }
    }
}
