using System.IO.Compression;
using Calango.Core.Files;
using Calango.Core.Knowledge;
using Calango.Sdk;

namespace Calango.Core.Exchange;

/// <summary>Puts the files of documents into an archive, below <c>documents/</c>, each under its document's id. Thread-safe.</summary>
internal sealed class DocumentWriter(Blobs blobs)
{
    private const int LongestExtension = 10;

    /// <summary>Where it is in the archive; null: the store doesn't give it.</summary>
    public async Task<string?> WriteAsync(ZipArchive zip, Document document, CancellationToken cancellationToken)
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
            await using var file = await StreamedJson.EntryOf(zip, path, CompressionLevel.Fastest).OpenAsync(cancellationToken);
            await content.Stream.CopyToAsync(file, cancellationToken);
            await file.FlushAsync(cancellationToken);
            return path;
        }
    }
}
