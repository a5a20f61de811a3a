using Calango.Core.Data;
using Calango.Core.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>All that somebody has attached to their chats, with the chats that use it. Thread-safe.</summary>
public sealed class AttachedFiles(Database database)
{
    // The same picture stands in a rewritten question and in a fork.
    private const int RowsOfPicture = 3;

    /// <summary>The newest, or those from before a time, at most so many of each kind.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="only">One kind; null: both.</param>
    /// <param name="before">Those that came earlier; null: the newest.</param>
    /// <param name="take">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<AttachedFile>> ListAsync(Guid accountId, AttachedKind? only, DateTimeOffset? before, int take, CancellationToken cancellationToken)
    {
        var until = before ?? DateTimeOffset.MaxValue;
        var pictures = only == AttachedKind.Document ? [] : await PicturesAsync(accountId, until, take, cancellationToken);
        var documents = only == AttachedKind.Picture ? [] : await DocumentsAsync(accountId, until, take, cancellationToken);
        return [.. pictures.Concat(documents).OrderByDescending(file => file.At).Take(take)];
    }

    private async Task<IEnumerable<AttachedFile>> PicturesAsync(Guid accountId, DateTimeOffset until, int take, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            db => (from picture in db.Set<ChatPicture>()
                   join chat in db.ConversationsOf(accountId) on picture.ConversationId equals chat.Id
                   where picture.BlobKey != "" && picture.CreatedAt < until
                   orderby picture.CreatedAt descending, picture.Id
                   select new { Picture = picture, chat.Title }).Take(RowsOfPicture * take).ToListAsync(cancellationToken),
            cancellationToken);
        return rows.GroupBy(row => row.Picture.BlobKey).Select(same => new AttachedFile(
            AttachedKind.Picture, same.First().Picture.Id, same.First().Picture.Name, same.First().Picture.Length, same.First().Picture.CreatedAt,
            [.. same.DistinctBy(row => row.Picture.ConversationId).Select(row => new ChatOfFile(row.Picture.ConversationId, row.Title))]));
    }

    private async Task<IEnumerable<AttachedFile>> DocumentsAsync(Guid accountId, DateTimeOffset until, int take, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            db => (from document in db.Set<Document>()
                   join collection in db.Set<Collection>() on document.CollectionId equals collection.Id
                   join chat in db.ConversationsOf(accountId) on collection.ConversationId equals (Guid?)chat.Id
                   where document.State != DocumentState.Removing && document.AddedAt < until
                   orderby document.AddedAt descending
                   select new { Document = document, ChatId = chat.Id, chat.Title }).Take(take).ToListAsync(cancellationToken),
            cancellationToken);
        return rows.Select(row => new AttachedFile(
            AttachedKind.Document, row.Document.Id, row.Document.Name, row.Document.Length, row.Document.AddedAt, [new ChatOfFile(row.ChatId, row.Title)])
        {
            CollectionId = row.Document.CollectionId,
        });
    }
}

/// <summary>What a file of a chat is.</summary>
public enum AttachedKind
{
    /// <summary>A picture in a question, or for the next one.</summary>
    Picture,

    /// <summary>A document that the chat looks in.</summary>
    Document,
}

/// <summary>Something that was attached to a chat.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The picture or the document.</param>
/// <param name="Name">As its file was called.</param>
/// <param name="Length">Bytes.</param>
/// <param name="At">When it came.</param>
/// <param name="Chats">Where it is used.</param>
public sealed record AttachedFile(AttachedKind Kind, Guid Id, string Name, long Length, DateTimeOffset At, IReadOnlyList<ChatOfFile> Chats)
{
    /// <summary>Of a document, the collection in which it is.</summary>
    public Guid? CollectionId { get; init; }
}

/// <summary>A chat that uses a file.</summary>
/// <param name="Id">The chat.</param>
/// <param name="Title">Null: it has none yet.</param>
public sealed record ChatOfFile(Guid Id, string? Title);
