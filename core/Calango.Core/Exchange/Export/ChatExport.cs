using System.IO.Compression;
using System.Runtime.CompilerServices;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Exchange;

/// <summary>
/// Chats as files that have all of them, as <see cref="ChatFile"/> says: one as JSON, or some as an archive with the files of their documents. They are
/// written as they are read, so they may be larger than the memory. Thread-safe.
/// </summary>
public sealed class ChatExport
{
    // A file of a zip ends with bytes that are written while it is closed, and not asynchronously: they must have room here.
    private const int BufferSize = 256 * 1024;

    private readonly Database _database;
    private readonly ChatWriter _chats;
    private readonly DocumentWriter _documents;

    internal ChatExport(Database database, ChatWriter chats, DocumentWriter documents) => (_database, _chats, _documents) = (database, chats, documents);

    /// <summary>A chat, and whether it has documents of its own, so that it takes an archive to hold it.</summary>
    /// <exception cref="NotFoundException">There is no such chat of theirs.</exception>
    public Task<(Conversation Chat, bool HasFiles)> FindAsync(Guid accountId, Guid chatId, CancellationToken cancellationToken) => _database.ReadAsync(
        async db =>
        {
            var chat = await db.FindConversationAsync(accountId, chatId, cancellationToken) ?? throw new NotFoundException();
            return (chat, await db.Set<Document>().AnyAsync(
                document => document.State != DocumentState.Removing && db.Set<Collection>().Any(collection => collection.Id == document.CollectionId && collection.ConversationId == chatId), cancellationToken));
        },
        cancellationToken);

    /// <summary>Writes a chat that has no documents of its own as JSON.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellationToken">Gives up; what was written is not whole then.</param>
    public async Task WriteAsync(Conversation chat, Stream output, CancellationToken cancellationToken)
    {
        await using var file = StreamedJson.To(output);
        await _chats.WriteAsync(chat, new Dictionary<Guid, string?>(), file, cancellationToken);
    }

    /// <summary>Writes all chats of somebody, or some of them, as an archive.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="only">Which; none: all.</param>
    /// <param name="output">Where to; it need not be one that can be sought in.</param>
    /// <param name="cancellationToken">Gives up; what was written is no archive then.</param>
    public async Task WriteAllAsync(Guid accountId, IReadOnlyCollection<Guid> only, Stream output, CancellationToken cancellationToken)
    {
        var buffer = new BufferedStream(output, BufferSize);
        await using (var zip = await ZipArchive.CreateAsync(buffer, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
        {
            await foreach (var chat in ChatsAsync(accountId, only, cancellationToken))
            {
                await WriteAsync(zip, chat, cancellationToken);
            }
        }

        await buffer.FlushAsync(cancellationToken);
    }

    /// <summary>All chats of somebody, or some of them, the oldest first.</summary>
    public async IAsyncEnumerable<Conversation> ChatsAsync(Guid accountId, IReadOnlyCollection<Guid> only, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = Guid.Empty;
        while (await NextAsync(accountId, only, last, cancellationToken) is { } chat)
        {
            yield return chat;
            last = chat.Id;
        }
    }

    // Of an archive only one file can be open: the files of the documents come before the chat that names them.
    private async Task WriteAsync(ZipArchive zip, Conversation chat, CancellationToken cancellationToken)
    {
        var places = new Dictionary<Guid, string?>();
        foreach (var document in await _chats.DocumentsAsync(chat.Id, cancellationToken))
        {
            places[document.Id] = await _documents.WriteAsync(zip, document, cancellationToken);
        }

        await using var file = await StreamedJson.CreateAsync(zip, $"chats/{chat.Id}.json", cancellationToken);
        await _chats.WriteAsync(chat, places, file, cancellationToken);
    }

    private Task<Conversation?> NextAsync(Guid accountId, IReadOnlyCollection<Guid> only, Guid after, CancellationToken cancellationToken) => _database.ReadAsync(
        db => db.ConversationsOf(accountId).Where(chat => chat.Id > after && (only.Count == 0 || only.Contains(chat.Id))).OrderBy(chat => chat.Id).FirstOrDefaultAsync(cancellationToken), cancellationToken);
}
