using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>
/// The sources of collections, for those who may use them. A folder is for whoever runs the server: who asks for one is asked for
/// that before. Thread-safe.
/// </summary>
public sealed class CollectionSources
{
    private const int MostSources = 100;

    private readonly Database _database;
    private readonly Collections _collections;
    private readonly SourceFolders _folders;
    private readonly SourceBell _bell;
    private readonly TimeProvider _clock;

    internal CollectionSources(Database database, Collections collections, SourceFolders folders, SourceBell bell, TimeProvider clock) =>
        (_database, _collections, _folders, _bell, _clock) = (database, collections, folders, bell, clock);

    /// <summary>Those of a collection, in the order in which they came.</summary>
    /// <exception cref="NotFoundException">There is no such collection that they may see.</exception>
    public async Task<List<Source>> ListAsync(Guid accountId, Guid collectionId, CancellationToken cancellationToken)
    {
        await RequireAsync(accountId, collectionId, cancellationToken);
        return await _database.ReadAsync(db => db.Set<Source>().Where(source => source.CollectionId == collectionId).OrderBy(source => source.Id).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>One.</summary>
    /// <exception cref="NotFoundException">There is none with this id in a collection that they may see.</exception>
    public async Task<Source> FindAsync(Guid accountId, Guid collectionId, Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(accountId, collectionId, cancellationToken)).Find(source => source.Id == id) ?? throw new NotFoundException();

    /// <summary>Adds one, which is looked at at once.</summary>
    /// <param name="accountId">Who does.</param>
    /// <param name="collectionId">Where.</param>
    /// <param name="kind">Of which kind it is.</param>
    /// <param name="address">Its address, or the path of its folder.</param>
    /// <param name="interval">How often it is looked at from then on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException"><c>source.address</c>, <c>source.folder</c>, <c>source.known</c>, <c>source.tooMany</c> or <c>collection.readOnly</c>.</exception>
    public async Task<Source> AddAsync(Guid accountId, Guid collectionId, SourceKind kind, string address, RefreshInterval interval, CancellationToken cancellationToken)
    {
        await RequireAsync(accountId, collectionId, cancellationToken);
        var (now, accepted) = (_clock.GetUtcNow(), kind == SourceKind.Folder ? _folders.Accept(address) : Accepted(address));
        var source = new Source { Id = Guid.CreateVersion7(now), CollectionId = collectionId, Kind = kind, Address = accepted, Interval = interval, AddedAt = now, DueAt = now };
        await _database.WriteAsync(
            async db =>
            {
                var known = await db.Set<Source>().Where(other => other.CollectionId == collectionId).Select(other => other.Address).ToListAsync(cancellationToken);
                if (known.Contains(accepted) || known.Count >= MostSources)
                {
                    throw known.Contains(accepted) ? new RejectedException("source.known") : new RejectedException("source.tooMany", ("limit", $"{MostSources}"));
                }

                db.Add(source);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        _bell.Ring();
        return source;
    }

    /// <summary>Has one looked at more or less often.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task ChangeAsync(Guid accountId, Guid collectionId, Guid id, RefreshInterval interval, CancellationToken cancellationToken)
    {
        var source = await FindAsync(accountId, collectionId, id, cancellationToken);
        var due = interval.After(source.RefreshedAt ?? _clock.GetUtcNow());
        await SetAsync(id, interval, due, cancellationToken);
    }

    /// <summary>Has one looked at now.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task RefreshAsync(Guid accountId, Guid collectionId, Guid id, CancellationToken cancellationToken)
    {
        var source = await FindAsync(accountId, collectionId, id, cancellationToken);
        await SetAsync(id, source.Interval, _clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Removes one.</summary>
    /// <param name="accountId">Who does.</param>
    /// <param name="collectionId">Where.</param>
    /// <param name="id">Which.</param>
    /// <param name="withDocuments">Its documents go too; else they stay as they are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">There is none with this id in a collection that they may see.</exception>
    public async Task RemoveAsync(Guid accountId, Guid collectionId, Guid id, bool withDocuments, CancellationToken cancellationToken)
    {
        await FindAsync(accountId, collectionId, id, cancellationToken);
        await _database.WriteAsync(
            async db =>
            {
                if (withDocuments)
                {
                    var documents = db.Set<SourcePage>().Where(page => page.SourceId == id).Select(page => page.DocumentId);
                    await db.Set<Document>().Where(document => document.CollectionId == collectionId && documents.Contains(document.Id)).ExecuteUpdateAsync(
                        set => set.SetProperty(document => document.State, DocumentState.Removing).SetProperty(document => document.ClaimedBy, (Guid?)null), cancellationToken);
                }

                await db.Set<Source>().Where(source => source.Id == id).ExecuteDeleteAsync(cancellationToken);
            },
            cancellationToken);
    }

    // What is attached to a chat comes from there alone.
    private async Task RequireAsync(Guid accountId, Guid collectionId, CancellationToken cancellationToken)
    {
        if ((await _collections.FindAsync(accountId, collectionId, CollectionRight.Write, cancellationToken)).Collection.ConversationId is not null)
        {
            throw new NotFoundException();
        }
    }

    private async Task SetAsync(Guid id, RefreshInterval interval, DateTimeOffset? due, CancellationToken cancellationToken)
    {
        await _database.WriteAsync(
            db => db.Set<Source>().Where(source => source.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(source => source.Interval, interval).SetProperty(source => source.DueAt, due), cancellationToken), cancellationToken);
        _bell.Ring();
    }

    private static string Accepted(string address) =>
        Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.AbsoluteUri.Length <= Source.MaxAddressLength
            ? new UriBuilder(uri) { Fragment = "" }.Uri.AbsoluteUri
            : throw new RejectedException("source.address");
}

internal static class RefreshIntervals
{
    /// <summary>When a source is due next; null: when somebody asks for it.</summary>
    public static DateTimeOffset? After(this RefreshInterval interval, DateTimeOffset refreshed) => interval switch
    {
        RefreshInterval.Hourly => refreshed.AddHours(1),
        RefreshInterval.Daily => refreshed.AddDays(1),
        RefreshInterval.Weekly => refreshed.AddDays(7),
        _ => null,
    };
}
