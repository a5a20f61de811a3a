using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Files;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>The documents of collections, for those who may use them. Thread-safe.</summary>
public sealed class Documents
{
    private readonly Database _database;
    private readonly Collections _collections;
    private readonly DocumentIntake _intake;
    private readonly Blobs _blobs;

    internal Documents(Database database, Collections collections, DocumentIntake intake, Blobs blobs) => (_database, _collections, _intake, _blobs) = (database, collections, intake, blobs);

    /// <summary>Those after one, by name.</summary>
    /// <param name="accountId">Who asks.</param>
    /// <param name="collectionId">The collection.</param>
    /// <param name="search">What the name has in it; null: anything.</param>
    /// <param name="after">The name of the last of the page before; null: from the first.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">There is no such collection that they may see.</exception>
    public async Task<List<Document>> ListAsync(Guid accountId, Guid collectionId, string? search, string? after, int count, CancellationToken cancellationToken)
    {
        await _collections.FindAsync(accountId, collectionId, CollectionRight.Read, cancellationToken);
        var part = search?.Trim().ToLowerInvariant() ?? "";
        return await _database.ReadAsync(
            db => db.Set<Document>()
                .Where(document => document.CollectionId == collectionId && document.State != DocumentState.Removing && (part == "" || document.Name.ToLower().Contains(part)) && (after == null || document.Name.CompareTo(after) > 0))
                .OrderBy(document => document.Name).Take(count).ToListAsync(cancellationToken),
            cancellationToken);
    }

    /// <summary>One.</summary>
    /// <exception cref="NotFoundException">There is none with this id in a collection that they may see.</exception>
    public async Task<Document> FindAsync(Guid accountId, Guid collectionId, Guid id, CancellationToken cancellationToken)
    {
        await _collections.FindAsync(accountId, collectionId, CollectionRight.Read, cancellationToken);
        return await _database.ReadAsync(
            db => db.Set<Document>().SingleOrDefaultAsync(document => document.Id == id && document.CollectionId == collectionId && document.State != DocumentState.Removing, cancellationToken), cancellationToken)
            ?? throw new NotFoundException();
    }

    /// <summary>Puts one there, in the place of the one of the same name. It is taken in in the background; the same content again changes nothing.</summary>
    /// <param name="accountId">Who does.</param>
    /// <param name="collectionId">Where.</param>
    /// <param name="name">Its file's name, or its title.</param>
    /// <param name="content">Its bytes, read once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException"><c>collection.readOnly</c>, <c>document.name</c>, <c>document.tooLarge</c> or <c>document.empty</c>.</exception>
    /// <exception cref="BlobException">It could not be stored.</exception>
    public async Task<Document> AddAsync(Guid accountId, Guid collectionId, string name, Stream content, CancellationToken cancellationToken)
    {
        var collection = (await _collections.FindAsync(accountId, collectionId, CollectionRight.Write, cancellationToken)).Collection;
        var named = Path.GetFileName(name.Replace('\\', '/')).Trim() is { Length: > 0 and <= Document.MaxNameLength } file ? file : throw new RejectedException("document.name", ("limit", $"{Document.MaxNameLength}"));
        return await _intake.AddAsync(collectionId, accountId, named, content, collection.ConversationId is null ? IngestionPriority.Added : IngestionPriority.Chat, cancellationToken);
    }

    // It keeps its id and its time. Who may put it there was asked before.
    internal Task BringAsync(Guid collectionId, Guid accountId, PastDocument past, Stream content, CancellationToken cancellationToken) =>
        _intake.AddAsync(collectionId, accountId, past.Name, content, IngestionPriority.Chat, cancellationToken, past.Address, past);

    /// <summary>Removes one.</summary>
    /// <exception cref="NotFoundException">There is none with this id in a collection that they may see.</exception>
    /// <exception cref="RejectedException"><c>collection.readOnly</c>: they may see it, and no more.</exception>
    public Task RemoveAsync(Guid accountId, Guid collectionId, Guid id, CancellationToken cancellationToken) =>
        MoveAsync(accountId, collectionId, id, [.. Enum.GetValues<DocumentState>()], DocumentState.Removing, cancellationToken);

    /// <summary>Stops taking one in for now.</summary>
    /// <inheritdoc cref="RemoveAsync"/>
    public Task PauseAsync(Guid accountId, Guid collectionId, Guid id, CancellationToken cancellationToken) =>
        MoveAsync(accountId, collectionId, id, [DocumentState.Waiting, DocumentState.Reading, DocumentState.Indexing], DocumentState.Paused, cancellationToken);

    /// <summary>Goes on with one that was stopped, or tries one again that failed, from where it was.</summary>
    /// <inheritdoc cref="RemoveAsync"/>
    public async Task ResumeAsync(Guid accountId, Guid collectionId, Guid id, CancellationToken cancellationToken)
    {
        var document = await FindAsync(accountId, collectionId, id, cancellationToken);
        await MoveAsync(
            accountId, collectionId, id, [DocumentState.Paused, DocumentState.Failed], document.NextEdition is not null ? DocumentState.Indexing : DocumentState.Waiting, cancellationToken);
    }

    /// <summary>The passages of a document as it can be found, in their order.</summary>
    /// <param name="accountId">Who asks.</param>
    /// <param name="collectionId">The collection.</param>
    /// <param name="id">The document.</param>
    /// <param name="from">The ordinal of the first.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">There is none with this id in a collection that they may see.</exception>
    public async Task<List<Passage>> PassagesAsync(Guid accountId, Guid collectionId, Guid id, int from, int count, CancellationToken cancellationToken)
    {
        var document = await FindAsync(accountId, collectionId, id, cancellationToken);
        return await _database.ReadAsync(
            db => db.Set<Passage>().Where(passage => passage.Edition == document.Edition && passage.Ordinal >= from).OrderBy(passage => passage.Ordinal).Take(count).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Opens the file of a document, which the caller disposes; null: it is not there any more.</summary>
    /// <exception cref="NotFoundException">There is none with this id in a collection that they may see.</exception>
    /// <exception cref="BlobException">The store could not say.</exception>
    public async Task<BlobContent?> OpenAsync(Guid accountId, Guid collectionId, Guid id, CancellationToken cancellationToken) =>
        await _blobs.OpenAsync((await FindAsync(accountId, collectionId, id, cancellationToken)).BlobKey, cancellationToken);

    private async Task MoveAsync(Guid accountId, Guid collectionId, Guid id, DocumentState[] from, DocumentState to, CancellationToken cancellationToken)
    {
        await _collections.FindAsync(accountId, collectionId, CollectionRight.Write, cancellationToken);
        await FindAsync(accountId, collectionId, id, cancellationToken);
        await _intake.MoveAsync(id, from, to, cancellationToken);
    }
}
