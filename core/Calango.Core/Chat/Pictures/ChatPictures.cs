using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Files;
using Calango.Core.Models;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>
/// The pictures of chats: each is painted anew as it comes, waits in its chat until a question takes it along, and is there for nobody but
/// whose chat it is. Thread-safe.
/// </summary>
public sealed partial class ChatPictures
{
    /// <summary>The most bytes that a file may have.</summary>
    public const int LargestFile = 10 * 1024 * 1024;

    /// <summary>The most pictures that a question has.</summary>
    public const int MostOfQuestion = 10;

    private readonly Database _database;
    private readonly Blobs _blobs;
    private readonly ModelCatalog _catalog;
    private readonly TimeProvider _clock;
    private readonly ILogger<ChatPictures> _logger;

    internal ChatPictures(Database database, Blobs blobs, ModelCatalog catalog, TimeProvider clock, ILogger<ChatPictures> logger) =>
        (_database, _blobs, _catalog, _clock, _logger) = (database, blobs, catalog, clock, logger);

    /// <summary>Whether a file begins as a picture does that is known here, whatever it is called.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> head) => Pictures.Recognizes(head);

    /// <summary>Those that wait for the next question of a chat, in the order in which they came.</summary>
    public Task<List<ChatPicture>> WaitingAsync(Guid accountId, Guid conversationId, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.Set<ChatPicture>()
            .Where(picture => picture.ConversationId == conversationId && picture.MessageId == null && db.ConversationsOf(accountId).Any(chat => chat.Id == conversationId))
            .OrderBy(picture => picture.Id).ToListAsync(cancellationToken),
        cancellationToken);

    /// <summary>Refuses a picture for a model of which it is known that it sees none.</summary>
    /// <exception cref="RejectedException"><c>picture.unseen</c>.</exception>
    public async Task RefuseUnseenAsync(Guid accountId, ModelRef model, CancellationToken cancellationToken)
    {
        if (await _catalog.FindKnownAsync(accountId, model, cancellationToken) is { SeesPictures: false } blind)
        {
            throw new RejectedException("picture.unseen", ("model", blind.Name));
        }
    }

    /// <summary>Adds one, for the next question of a chat.</summary>
    /// <exception cref="NotFoundException">They have no such chat.</exception>
    /// <exception cref="RejectedException">It is no picture, too large, or one too many.</exception>
    /// <exception cref="BlobException">It could not be stored.</exception>
    public async Task<ChatPicture> AddAsync(Guid accountId, Guid conversationId, string name, Stream file, CancellationToken cancellationToken)
    {
        // Before any work is done for it.
        await _database.ReadAsync(db => RequireRoomAsync(db, accountId, conversationId, cancellationToken), cancellationToken);
        var painted = await Pictures.WholeAsync(await ReadAsync(file, cancellationToken), _clock, cancellationToken);
        var now = _clock.GetUtcNow();
        var key = ChatPicture.KeyOf(Guid.CreateVersion7(now));
        var picture = new ChatPicture
        {
            Id = Guid.CreateVersion7(now),
            ConversationId = conversationId,
            Name = MessageText.Beginning(MessageText.Clean(Path.GetFileName(name)), ChatPicture.MaxNameLength),
            ContentType = painted.ContentType,
            Length = painted.Content.Length,
            Width = painted.Width,
            Height = painted.Height,
            BlobKey = key,
            CreatedAt = now,
        };
        await _blobs.PutAsync(key, new MemoryStream(painted.Content), painted.ContentType, cancellationToken);
        return await _database.WriteAsync(
            async db =>
            {
                var conversation = await db.HoldConversationAsync(accountId, conversationId, cancellationToken);
                await RequireRoomAsync(db, accountId, conversationId, cancellationToken);
                conversation.HasPictures = true;
                db.Add(picture);
                await db.SaveChangesAsync(cancellationToken);
                return picture;
            },
            cancellationToken);
    }

    /// <summary>Opens one, whose bytes the caller disposes.</summary>
    /// <exception cref="NotFoundException">They have no such picture.</exception>
    /// <exception cref="BlobException">The store could not say.</exception>
    public async Task<(ChatPicture Picture, BlobContent Content)> OpenAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        var picture = await _database.ReadAsync(
            db => db.Set<ChatPicture>().SingleOrDefaultAsync(
                picture => picture.Id == id && db.ConversationsOf(accountId).Any(chat => chat.Id == picture.ConversationId), cancellationToken), cancellationToken) ?? throw new NotFoundException();
        return (picture, (picture.IsRemoved ? null : await _blobs.OpenAsync(picture.BlobKey, cancellationToken)) ?? throw new NotFoundException());
    }

    /// <summary>Takes one away that has not been sent.</summary>
    /// <exception cref="NotFoundException">They have no such picture, or it was sent.</exception>
    public async Task RemoveAsync(Guid accountId, Guid conversationId, Guid id, CancellationToken cancellationToken)
    {
        var removed = (await WaitingAsync(accountId, conversationId, cancellationToken)).Find(picture => picture.Id == id) ?? throw new NotFoundException();
        var isUsed = await _database.WriteAsync(
            async db =>
            {
                await db.Set<ChatPicture>().Where(picture => picture.Id == id && picture.MessageId == null).ExecuteDeleteAsync(cancellationToken);
                return await db.Set<ChatPicture>().AnyAsync(picture => picture.BlobKey == removed.BlobKey, cancellationToken);
            },
            cancellationToken);
        if (!isUsed)
        {
            await DeleteBlobAsync(removed.BlobKey);
        }
    }

    /// <summary>Removes one for good, from each question that has it: these say that it was there.</summary>
    /// <exception cref="NotFoundException">They have no such picture.</exception>
    public async Task ForgetAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        var key = await _database.WriteAsync(
            async db =>
            {
                var picture = await db.Set<ChatPicture>().AsNoTracking().SingleOrDefaultAsync(
                    picture => picture.Id == id && picture.BlobKey != "" && db.ConversationsOf(accountId).Any(chat => chat.Id == picture.ConversationId), cancellationToken) ?? throw new NotFoundException();
                var same = db.Set<ChatPicture>().Where(other => other.BlobKey == picture.BlobKey);
                await same.Where(other => other.MessageId == null).ExecuteDeleteAsync(cancellationToken);
                await same.ExecuteUpdateAsync(set => set.SetProperty(other => other.BlobKey, ""), cancellationToken);
                return picture.BlobKey;
            },
            cancellationToken);
        await DeleteBlobAsync(key);
    }

    /// <summary>Takes all away that are somebody's, with their bytes.</summary>
    internal async Task RemoveAllAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var keys = await _database.WriteAsync(
            async db =>
            {
                var own = db.Set<ChatPicture>().Where(picture => db.Set<Conversation>().Any(chat => chat.Id == picture.ConversationId && chat.AccountId == accountId));
                var keys = await own.Where(picture => picture.BlobKey != "").Select(picture => picture.BlobKey).Distinct().ToListAsync(cancellationToken);
                await own.ExecuteDeleteAsync(cancellationToken);
                return keys;
            },
            cancellationToken);
        foreach (var key in keys)
        {
            await DeleteBlobAsync(key);
        }
    }

    private static async Task<bool> RequireRoomAsync(CalangoDb db, Guid accountId, Guid conversationId, CancellationToken cancellationToken)
    {
        if (await db.FindConversationAsync(accountId, conversationId, cancellationToken) is null)
        {
            throw new NotFoundException();
        }

        return await db.Set<ChatPicture>().CountAsync(picture => picture.ConversationId == conversationId && picture.MessageId == null, cancellationToken) < MostOfQuestion
            ? true
            : throw new RejectedException("picture.tooMany", ("limit", $"{MostOfQuestion}"));
    }

    private static async Task<byte[]> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[81920];
        while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (read.Length + count > LargestFile)
            {
                throw new RejectedException("picture.tooLarge");
            }

            read.Write(buffer, 0, count);
        }

        return read.ToArray();
    }

    private async Task DeleteBlobAsync(string key)
    {
        try
        {
            await _blobs.DeleteAsync(key, CancellationToken.None);
        }
        catch (BlobException exception)
        {
            // The clean-up finds it.
            LogLeft(_logger, exception.Kind);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A picture that no chat has any more could not be deleted ({Kind}); the clean-up will")]
    private static partial void LogLeft(ILogger logger, BlobErrorKind kind);
}
