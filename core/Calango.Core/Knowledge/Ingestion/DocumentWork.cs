using System.Text.Json;
using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>What is done with a document: its text is read and cut into passages, these are placed, and it can be found. Or it is removed. Thread-safe.</summary>
internal sealed class DocumentWork(Database database, DocumentIntake intake, DocumentReader reader, Splitter splitter, EditionWriter editions, PassagePlacer placer, IndexBell indexes)
{
    /// <summary>Does all that is left to be done with it.</summary>
    /// <exception cref="ClaimLostException">Somebody wants it otherwise.</exception>
    /// <exception cref="ExtractionException">It cannot be read.</exception>
    public async Task DoAsync(Document document, IntakeClaim claim, CancellationToken cancellationToken)
    {
        if (document.State == DocumentState.Removing)
        {
            await RemoveAsync(document, cancellationToken);
            indexes.Ring();
            return;
        }

        var collection = await database.ReadAsync(db => db.Set<Collection>().SingleAsync(collection => collection.Id == document.CollectionId, cancellationToken), cancellationToken);
        var space = await placer.SpaceOfAsync(collection, cancellationToken);
        if (document.State != DocumentState.Indexing && !await ReadAsync(document, claim, collection, space, cancellationToken))
        {
            return;
        }

        await placer.PlaceAsync(claim, space, cancellationToken);
        await PublishAsync(claim, space, cancellationToken);
        indexes.Ring();
        await RemoveOthersAsync(document, [claim.Edition], cancellationToken);
    }

    /// <summary>Removes all collections of somebody, with all that is in them.</summary>
    public async Task RemoveCollectionsOfAsync(Guid accountId, CancellationToken cancellationToken)
    {
        foreach (var id in await database.ReadAsync(db => db.Set<Collection>().Where(collection => collection.OwnerId == accountId).Select(collection => collection.Id).ToListAsync(cancellationToken), cancellationToken))
        {
            await intake.RemoveCollectionAsync(id, cancellationToken);
            foreach (var document in await database.ReadAsync(db => db.Set<Document>().Where(document => document.CollectionId == id).ToListAsync(cancellationToken), cancellationToken))
            {
                await RemoveAsync(document, cancellationToken);
            }
        }
    }

    /// <summary>Holds it for longer. False: it is not ours any more.</summary>
    public Task<bool> RenewAsync(IntakeClaim claim, DateTimeOffset until) => database.WriteAsync(
        async db => await claim.Row(db).ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedUntil, until), CancellationToken.None) > 0, CancellationToken.None);

    /// <summary>Says on its row why it could not be taken in. What could be found of it before can still be found.</summary>
    public Task FailAsync(IntakeClaim claim, string code, IReadOnlyDictionary<string, string>? arguments)
    {
        var said = arguments is { Count: > 0 } ? JsonSerializer.Serialize(arguments) : null;
        return database.WriteAsync(
            db => claim.Row(db).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, DocumentState.Failed)
                    .SetProperty(row => row.Failure, code)
                    .SetProperty(row => row.FailureArguments, said)
                    .SetProperty(row => row.ClaimedBy, (Guid?)null), CancellationToken.None), CancellationToken.None);
    }

    // False: it was an archive, and is in parts now.
    private async Task<bool> ReadAsync(Document document, IntakeClaim claim, Collection collection, PassageSpace space, CancellationToken cancellationToken)
    {
        // What an earlier try has left would be there twice.
        await RemoveOthersAsync(document, document.Edition is { } found ? [found] : [], cancellationToken);
        claim.Edition = Guid.CreateVersion7();
        await MoveAsync(claim, set => set.SetProperty(row => row.State, DocumentState.Reading).SetProperty(row => row.NextEdition, (Guid?)null).SetProperty(row => row.Done, 0).SetProperty(row => row.Failure, (string?)null), cancellationToken);
        if (await reader.ReadAsync(document, cancellationToken) is not { } read)
        {
            await MoveAsync(claim, set => set.SetProperty(row => row.State, DocumentState.Removing).SetProperty(row => row.ClaimedBy, (Guid?)null), cancellationToken);
            return false;
        }

        var drafts = await splitter.SplitAsync(read, space.Cut(collection.Options), space.CountTokensAsync, cancellationToken);
        if (drafts.Count == 0)
        {
            throw new ExtractionException("noText");
        }

        var language = await editions.AddAsync(claim, drafts, isPlaced: space.Model is null, cancellationToken);
        var tokens = drafts.Sum(draft => draft.Tokens);
        await MoveAsync(
            claim,
            set => set.SetProperty(row => row.State, DocumentState.Indexing)
                .SetProperty(row => row.NextEdition, claim.Edition)
                .SetProperty(row => row.Passages, drafts.Count)
                .SetProperty(row => row.Tokens, tokens)
                .SetProperty(row => row.Pages, read.Pages)
                .SetProperty(row => row.Language, language), cancellationToken);
        return true;
    }

    private async Task PublishAsync(IntakeClaim claim, PassageSpace space, CancellationToken cancellationToken) => await database.WriteAsync(
        async db =>
        {
            await claim.RequireAsync(db, cancellationToken);
            await claim.Row(db).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, DocumentState.Ready)
                    .SetProperty(row => row.Edition, claim.Edition)
                    .SetProperty(row => row.NextEdition, (Guid?)null)
                    .SetProperty(row => row.Fingerprint, space.Fingerprint)
                    .SetProperty(row => row.ClaimedBy, (Guid?)null), cancellationToken);
            await ChangedAsync(db, claim.CollectionId, cancellationToken);
        },
        cancellationToken);

    private async Task RemoveAsync(Document document, CancellationToken cancellationToken)
    {
        // Nobody finds it any more, from the first step on.
        await database.WriteAsync(db => ChangedAsync(db, document.CollectionId, cancellationToken), cancellationToken);
        await RemoveOthersAsync(document, [], cancellationToken);
        await intake.DeleteBlobAsync(document.BlobKey);
        await database.WriteAsync(
            async db =>
            {
                await db.Set<Document>().Where(row => row.Id == document.Id && row.State == DocumentState.Removing).ExecuteDeleteAsync(cancellationToken);
                await db.Set<Collection>().Where(collection => collection.Id == document.CollectionId && collection.IsRemoved && !db.Set<Document>().Any(row => row.CollectionId == collection.Id))
                    .ExecuteDeleteAsync(cancellationToken);
            },
            cancellationToken);
    }

    private async Task RemoveOthersAsync(Document document, IReadOnlyList<Guid> kept, CancellationToken cancellationToken)
    {
        while (await editions.RemoveSomeAsync(document.CollectionId, document.Id, kept, cancellationToken) > 0)
        {
        }
    }

    private Task MoveAsync(IntakeClaim claim, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<Document>> set, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            if (await claim.Row(db).ExecuteUpdateAsync(set, cancellationToken) == 0)
            {
                throw new ClaimLostException();
            }
        },
        cancellationToken);

    private static Task ChangedAsync(CalangoDb db, Guid collectionId, CancellationToken cancellationToken) =>
        db.Set<Collection>().Where(collection => collection.Id == collectionId).ExecuteUpdateAsync(set => set.SetProperty(collection => collection.Version, collection => collection.Version + 1), cancellationToken);
}
