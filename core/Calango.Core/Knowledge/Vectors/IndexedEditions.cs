using Calango.Core.Data;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>The record of what each place has. Thread-safe.</summary>
internal sealed class IndexedEditions(Database database)
{
    private const int AtOnce = 50;

    /// <summary>Some editions that can be found and that a place has not, or not whole; none: it is up to date.</summary>
    public Task<List<MissingEdition>> MissingAsync(Guid placeId, IReadOnlyCollection<Guid> except, CancellationToken cancellationToken) =>
        database.ReadAsync(db => Lacking(db, placeId).Where(edition => !except.Contains(edition.Edition)).Take(AtOnce).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>Some editions of which a place has something and that nobody can find any more.</summary>
    public Task<List<IndexedEdition>> StaleAsync(Guid placeId, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Set<IndexedEdition>().AsNoTracking()
            .Where(edition => edition.PlaceId == placeId && !db.Set<Document>().Any(document => document.Edition == edition.Edition && document.State != DocumentState.Removing))
            .Take(AtOnce).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>Some editions of which a place has something.</summary>
    public Task<List<IndexedEdition>> SomeAsync(Guid placeId, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<IndexedEdition>().AsNoTracking().Where(edition => edition.PlaceId == placeId).Take(AtOnce).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>Writes down that a place is given an edition.</summary>
    public Task BeginAsync(Guid placeId, Guid edition, IndexSpace space, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            if (!await db.Set<IndexedEdition>().AnyAsync(row => row.PlaceId == placeId && row.Edition == edition, cancellationToken))
            {
                db.Add(new IndexedEdition { PlaceId = placeId, Edition = edition, CollectionId = space.Collection, Tenant = space.Tenant, Fingerprint = space.Fingerprint, Dimensions = space.Dimensions });
                await db.SaveChangesAsync(cancellationToken);
            }
        },
        cancellationToken);

    /// <summary>Writes down that a place has all of an edition.</summary>
    public Task EndAsync(Guid placeId, Guid edition, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.Set<IndexedEdition>().Where(row => row.PlaceId == placeId && row.Edition == edition).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsWhole, true), cancellationToken), cancellationToken);

    /// <summary>Writes down that a place has nothing of some editions any more.</summary>
    public Task RemoveAsync(Guid placeId, IReadOnlyList<Guid> editions, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.Set<IndexedEdition>().Where(row => row.PlaceId == placeId && editions.Contains(row.Edition)).ExecuteDeleteAsync(cancellationToken), cancellationToken);

    /// <summary>Has a place given all editions once more.</summary>
    public Task AgainAsync(Guid placeId, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.Set<IndexedEdition>().Where(row => row.PlaceId == placeId).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsWhole, false), cancellationToken), cancellationToken);

    /// <summary>How many documents can be found by their meaning, and how many of these a place lacks.</summary>
    public Task<IndexProgress> ProgressAsync(Guid placeId, Guid? collectionId, CancellationToken cancellationToken) => database.ReadAsync(
        async db => new IndexProgress(
            await Findable(db).CountAsync(edition => collectionId == null || edition.CollectionId == collectionId, cancellationToken),
            await Lacking(db, placeId).CountAsync(edition => collectionId == null || edition.CollectionId == collectionId, cancellationToken)),
        cancellationToken);

    private static IQueryable<MissingEdition> Lacking(CalangoDb db, Guid placeId) =>
        Findable(db).Where(edition => !db.Set<IndexedEdition>().Any(row => row.PlaceId == placeId && row.Edition == edition.Edition && row.IsWhole));

    private static IQueryable<MissingEdition> Findable(CalangoDb db) =>
        from document in db.Set<Document>()
        where document.Edition != null && document.Fingerprint != null && document.State != DocumentState.Removing
        join collection in db.Set<Collection>() on document.CollectionId equals collection.Id
        where collection.Fingerprint == document.Fingerprint && !collection.IsRemoved
        select new MissingEdition { Edition = document.Edition!.Value, OwnerId = collection.OwnerId, CollectionId = collection.Id, Fingerprint = document.Fingerprint! };
}

/// <summary>An edition that a place is to get.</summary>
internal sealed record MissingEdition
{
    public required Guid Edition { get; init; }

    public required Guid OwnerId { get; init; }

    public required Guid CollectionId { get; init; }

    public required string Fingerprint { get; init; }
}

/// <summary>How far a place is.</summary>
/// <param name="Documents">How many documents can be found by their meaning.</param>
/// <param name="Missing">How many of these it does not have, or not whole.</param>
public sealed record IndexProgress(int Documents, int Missing)
{
    /// <summary>How many it has.</summary>
    public int Done => Documents - Missing;
}
