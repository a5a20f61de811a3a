using System.IO.Compression;
using Calango.Core.Data;
using Calango.Core.Files;
using Calango.Core.Knowledge;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.PersonalData;

/// <summary>
/// Somebody's collections in the zip: <c>collections.json</c> and, below <c>documents/</c>, the file of each document under its id. A file that the
/// store doesn't give is left out, and <c>collections.json</c> says so. Thread-safe.
/// </summary>
internal sealed class ExportedDocuments(Database database, Blobs blobs)
{
    private const int LongestExtension = 10;

    public async Task WriteAsync(ZipArchive zip, Guid accountId, CancellationToken cancellationToken)
    {
        var collections = new List<ExportedCollection>();
        foreach (var collection in await database.ReadAsync(
            db => db.Set<Collection>().Where(collection => collection.OwnerId == accountId && !collection.IsRemoved).OrderBy(collection => collection.Id).ToListAsync(cancellationToken), cancellationToken))
        {
            var documents = await database.ReadAsync(
                db => db.Set<Document>().Where(document => document.CollectionId == collection.Id && document.State != DocumentState.Removing).OrderBy(document => document.Name).ToListAsync(cancellationToken), cancellationToken);
            var exported = new List<ExportedDocument>();
            foreach (var document in documents)
            {
                exported.Add(new ExportedDocument(document.Name, document.AddedAt, await WriteAsync(zip, document, cancellationToken)));
            }

            collections.Add(new ExportedCollection(collection.Name, collection.Description, collection.ConversationId, collection.CreatedAt, exported));
        }

        if (collections.Count > 0)
        {
            await using var file = await ZippedJson.CreateAsync(zip, "collections.json", cancellationToken);
            file.Write(collections);
            await file.FlushAsync(cancellationToken);
        }
    }

    // Where it is in the zip; null: it was left out.
    private async Task<string?> WriteAsync(ZipArchive zip, Document document, CancellationToken cancellationToken)
    {
        BlobContent? content;
        try
        {
            content = await blobs.OpenAsync(document.BlobKey, cancellationToken);
        }
        catch (BlobException)
        {
            return null;
        }

        if (content is null)
        {
            return null;
        }

        await using (content)
        {
            var extension = Path.GetExtension(document.Name);
            var path = $"documents/{document.Id:N}{(extension.Length <= LongestExtension && extension.Skip(1).All(char.IsAsciiLetterOrDigit) ? extension : "")}";
            await using var file = await zip.CreateEntry(path, CompressionLevel.Fastest).OpenAsync(cancellationToken);
            await content.Stream.CopyToAsync(file, cancellationToken);
            await file.FlushAsync(cancellationToken);
            return path;
        }
    }
}

/// <summary>A collection of somebody's; <paramref name="Chat"/> is the chat for which alone it is.</summary>
internal sealed record ExportedCollection(string Name, string Description, Guid? Chat, DateTimeOffset CreatedAt, IReadOnlyList<ExportedDocument> Documents);

/// <summary>A document of theirs; <paramref name="File"/> is where it is in the zip, or null where it was left out.</summary>
internal sealed record ExportedDocument(string Name, DateTimeOffset AddedAt, string? File);
