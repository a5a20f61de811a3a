using System.IO.Compression;
using Calango.Core.Data;
using Calango.Core.Exchange;
using Calango.Core.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.PersonalData;

/// <summary>
/// Somebody's collections in the zip: <c>collections.json</c> and, below <c>documents/</c>, the file of each document under its id. A file that the
/// store doesn't give is left out, and <c>collections.json</c> says so. Thread-safe.
/// </summary>
internal sealed class ExportedDocuments(Database database, DocumentWriter writer)
{
    /// <summary>Writes them, and says where the file of each is; null: it was left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, string?>> WriteAsync(ZipArchive zip, Guid accountId, CancellationToken cancellationToken)
    {
        var (collections, places) = (new List<ExportedCollection>(), new Dictionary<Guid, string?>());
        foreach (var collection in await database.ReadAsync(
            db => db.Set<Collection>().Where(collection => collection.OwnerId == accountId && !collection.IsRemoved).OrderBy(collection => collection.Id).ToListAsync(cancellationToken), cancellationToken))
        {
            var documents = await database.ReadAsync(
                db => db.Set<Document>().Where(document => document.CollectionId == collection.Id && document.State != DocumentState.Removing).OrderBy(document => document.Name).ToListAsync(cancellationToken), cancellationToken);
            var exported = new List<ExportedDocument>();
            foreach (var document in documents)
            {
                places[document.Id] = await writer.WriteAsync(zip, document, cancellationToken);
                exported.Add(new ExportedDocument(document.Name, document.AddedAt, places[document.Id]));
            }

            collections.Add(new ExportedCollection(collection.Name, collection.Description, collection.ConversationId, collection.CreatedAt, exported));
        }

        if (collections.Count > 0)
        {
            await using var file = await StreamedJson.CreateAsync(zip, "collections.json", cancellationToken);
            file.Write(collections);
            await file.FlushAsync(cancellationToken);
        }

        return places;
    }
}

/// <summary>A collection of somebody's; <paramref name="Chat"/> is the chat for which alone it is.</summary>
internal sealed record ExportedCollection(string Name, string Description, Guid? Chat, DateTimeOffset CreatedAt, IReadOnlyList<ExportedDocument> Documents);

/// <summary>A document of theirs; <paramref name="File"/> is where it is in the zip, or null where it was left out.</summary>
internal sealed record ExportedDocument(string Name, DateTimeOffset AddedAt, string? File);
