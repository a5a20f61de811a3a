using System.IO.Compression;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Exchange;
using Calango.Core.Files;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.PersonalData;

/// <summary>
/// The pictures of somebody's questions in the zip: <c>pictures.json</c> says of which message each is, and below <c>pictures/</c> it lies under its id.
/// One that the store doesn't give is left out, and <c>pictures.json</c> says so. Thread-safe.
/// </summary>
internal sealed class ExportedPictures(Database database, Blobs blobs)
{
    public async Task WriteAsync(ZipArchive zip, Guid accountId, CancellationToken cancellationToken)
    {
        var pictures = await database.ReadAsync(
            db => db.Set<ChatPicture>()
                .Where(picture => db.Set<Conversation>().Any(
                    chat => chat.Id == picture.ConversationId && chat.AccountId == accountId && (chat.DeletedAt == null || chat.DeletedAt > Conversation.BeyondRestoring)))
                .OrderBy(picture => picture.ConversationId).ThenBy(picture => picture.Id).ToListAsync(cancellationToken),
            cancellationToken);
        if (pictures.Count == 0)
        {
            return;
        }

        var exported = new List<ExportedChatPicture>();
        foreach (var picture in pictures)
        {
            exported.Add(new ExportedChatPicture(picture.Name, picture.ConversationId, picture.MessageId, picture.CreatedAt, await WriteAsync(zip, picture, cancellationToken)));
        }

        await using var file = await StreamedJson.CreateAsync(zip, "pictures.json", cancellationToken);
        file.Write(exported);
        await file.FlushAsync(cancellationToken);
    }

    // It is small, and read whole before anything of it is written: a store that fails halfway leaves no half of it in the zip.
    private async Task<string?> WriteAsync(ZipArchive zip, ChatPicture picture, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        try
        {
            if (picture.IsRemoved || await blobs.OpenAsync(picture.BlobKey, cancellationToken) is not { } stored)
            {
                return null;
            }

            await using (stored)
            {
                await stored.Stream.CopyToAsync(bytes, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is BlobException or IOException)
        {
            return null;
        }

        bytes.Position = 0;
        var path = $"pictures/{picture.Id:N}.{picture.ContentType.Split('/')[1]}";
        await using var file = await zip.CreateEntry(path, CompressionLevel.NoCompression).OpenAsync(cancellationToken);
        await bytes.CopyToAsync(file, cancellationToken);
        await file.FlushAsync(cancellationToken);
        return path;
    }
}

/// <summary>A picture in a question; <paramref name="Message"/> is null where it was not sent yet, <paramref name="File"/> where it was left out.</summary>
internal sealed record ExportedChatPicture(string Name, Guid Chat, Guid? Message, DateTimeOffset CreatedAt, string? File);
