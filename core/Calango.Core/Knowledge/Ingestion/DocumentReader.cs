using Calango.Core.Files;

namespace Calango.Core.Knowledge;

/// <summary>Reads the text of documents. What is an archive is taken apart: each file in it, and what is attached to a mail, is a document of its own. Thread-safe.</summary>
internal sealed class DocumentReader(DocumentIntake intake, SpoolFolder spool, Blobs blobs, Extractor extractor)
{
    private const string Archive = "archive";
    private const string Mail = ".eml";

    /// <summary>Reads one.</summary>
    /// <returns>Null: it was an archive, and its files are documents of the collection now.</returns>
    /// <exception cref="ExtractionException">It cannot be read.</exception>
    public async Task<ExtractedDocument?> ReadAsync(Document document, CancellationToken cancellationToken)
    {
        await using var content = await blobs.OpenAsync(document.BlobKey, cancellationToken) ?? throw new ExtractionException("fileGone");
        await using var file = await SpooledFile.WriteAsync(spool.Path, content.Stream, DocumentIntake.LargestFile, cancellationToken);
        try
        {
            var read = await extractor.ExtractAsync(file.Path, document.Name, cancellationToken);
            if (document.Name.EndsWith(Mail, StringComparison.OrdinalIgnoreCase))
            {
                await TakeApartAsync(document, file.Path, cancellationToken);
            }

            return read;
        }
        catch (ExtractionException exception) when (exception.Code == Archive)
        {
            return await TakeApartAsync(document, file.Path, cancellationToken) > 0 ? null : throw exception;
        }
    }

    private async Task<int> TakeApartAsync(Document document, string path, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(spool.Path, $"{Guid.CreateVersion7():N}.parts")).FullName;
        try
        {
            var parts = await extractor.UnpackAsync(path, folder, cancellationToken);
            foreach (var part in parts)
            {
                await using var content = File.OpenRead(part.Path);
                if (content.Length > 0)
                {
                    await intake.AddAsync(document.CollectionId, document.AddedBy, NameOf(part.Name), content, document.Priority, cancellationToken);
                }
            }

            return parts.Count;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string NameOf(string name) => name.Length > Document.MaxNameLength ? name[^Document.MaxNameLength..] : name;
}
