using System.IO.Compression;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Exchange;
using Calango.Core.Files;
using Calango.Core.Templates;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.PersonalData;

/// <summary>
/// All that is somebody's, as a zip: <c>account.json</c>, their picture, a file of JSON for each chat, with all its branches, the pictures of their questions, the documents of their collections, and their templates. It is written as it is
/// read, a few messages at a time, so it may be larger than the memory. While the picture's store is away it is left out, and <c>account.json</c> says
/// so. Thread-safe.
/// </summary>
public sealed class PersonalExport
{
    // A file of a zip ends with bytes that are written while it is closed, and not asynchronously: they must have room here.
    private const int BufferSize = 256 * 1024;

    private readonly Database _database;
    private readonly Avatars _avatars;
    private readonly ExportedDocuments _documents;
    private readonly ExportedPictures _pictures;
    private readonly ChatWriter _chats;
    private readonly TemplateTransfer _templates;

    internal PersonalExport(Database database, Avatars avatars, ExportedDocuments documents, ExportedPictures pictures, ChatWriter chats, TemplateTransfer templates) =>
        (_database, _avatars, _documents, _pictures, _chats, _templates) = (database, avatars, documents, pictures, chats, templates);

    /// <summary>Writes it. What changes meanwhile is in it as it was or as it is.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="output">Where to; it need not be one that can be sought in.</param>
    /// <param name="cancellationToken">Gives up; what was written is no zip then.</param>
    /// <exception cref="DatabaseUnavailableException">It went away.</exception>
    public async Task WriteAsync(Guid accountId, Stream output, CancellationToken cancellationToken)
    {
        var buffer = new BufferedStream(output, BufferSize);
        await using (var zip = await ZipArchive.CreateAsync(buffer, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
        {
            await WriteAsync(accountId, zip, cancellationToken);
        }

        await buffer.FlushAsync(cancellationToken);
    }

    private async Task WriteAsync(Guid accountId, ZipArchive zip, CancellationToken cancellationToken)
    {
        var picture = await WritePictureAsync(zip, accountId, cancellationToken);
        var account = await _database.ReadAsync(db => ExportedAccount.ReadAsync(db, accountId, cancellationToken), cancellationToken);
        await using (var file = await StreamedJson.CreateAsync(zip, "account.json", cancellationToken))
        {
            file.Write(account with { Picture = picture });
            await file.FlushAsync(cancellationToken);
        }

        var places = await _documents.WriteAsync(zip, accountId, cancellationToken);
        await _pictures.WriteAsync(zip, accountId, cancellationToken);
        var last = Guid.Empty;
        while (await NextChatAsync(accountId, last, cancellationToken) is { } chat)
        {
            await using var file = await StreamedJson.CreateAsync(zip, $"chats/{chat.Id}.json", cancellationToken);
            await _chats.WriteAsync(chat, places, file, cancellationToken);
            last = chat.Id;
        }

        await WriteTemplatesAsync(zip, accountId, cancellationToken);
    }

    // In the form that can be taken in again.
    private async Task WriteTemplatesAsync(ZipArchive zip, Guid accountId, CancellationToken cancellationToken)
    {
        if (await _templates.OwnAsync(accountId, cancellationToken) is { Count: > 0 } templates)
        {
            await using var file = await StreamedJson.CreateAsync(zip, "templates.json", cancellationToken);
            file.Write(TemplateFile.Write(templates));
            await file.FlushAsync(cancellationToken);
        }
    }

    private Task<Conversation?> NextChatAsync(Guid accountId, Guid after, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.Set<Conversation>()
            .Where(chat => chat.AccountId == accountId && chat.Id > after && (chat.DeletedAt == null || chat.DeletedAt > Conversation.BeyondRestoring))
            .OrderBy(chat => chat.Id).FirstOrDefaultAsync(cancellationToken),
        cancellationToken);

    // It is small, and read whole before anything of it is written: a store that fails halfway leaves no half of it in the zip.
    private async Task<ExportedPicture> WritePictureAsync(ZipArchive zip, Guid accountId, CancellationToken cancellationToken)
    {
        using var picture = new MemoryStream();
        try
        {
            if (await _avatars.OfAsync(accountId, cancellationToken) is not { } id)
            {
                return ExportedPicture.None;
            }

            if (await _avatars.OpenAsync(id, cancellationToken) is not { } stored)
            {
                return ExportedPicture.LeftOut;
            }

            await using (stored)
            {
                await stored.Stream.CopyToAsync(picture, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is BlobException or IOException)
        {
            return ExportedPicture.LeftOut;
        }

        picture.Position = 0;
        await using var file = await zip.CreateEntry($"picture.{Avatars.ContentType.Split('/')[1]}", CompressionLevel.NoCompression).OpenAsync(cancellationToken);
        await picture.CopyToAsync(file, cancellationToken);
        await file.FlushAsync(cancellationToken);
        return ExportedPicture.Included;
    }
}
