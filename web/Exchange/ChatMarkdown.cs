using System.IO.Compression;
using System.Text;
using Calango.Core.Chat;
using Calango.Core.Exchange;
using Calango.Web.Pages.Chat;
using Calango.Web.Text;

namespace Calango.Web.Exchange;

/// <summary>Chats as Markdown, for being read and kept elsewhere: the path that is shown, in the viewer's language.</summary>
public sealed class ChatMarkdown(ChatExport export, MessageTree tree, PageText text)
{
    // A file of a zip ends with bytes that are written while it is closed, and not asynchronously: they must have room here.
    private const int BufferSize = 256 * 1024;

    // The earliest that an archive can say: the same chats are the same bytes.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>One chat.</summary>
    public async Task<string> WriteAsync(Guid accountId, Conversation chat, CancellationToken cancellationToken)
    {
        var path = await tree.PageAsync(accountId, chat.Id, before: null, int.MaxValue, cancellationToken);
        var written = new StringBuilder($"# {chat.Title ?? text["chat.untitled"]}\n");
        foreach (var view in path?.Messages ?? [])
        {
            written.Append(text.Culture, $"\n## {WhoOf(view)}\n\n{AnswerPart.Source(view).Trim('\n')}\n");
            foreach (var picture in view.Pictures)
            {
                written.Append(text.Culture, $"\n*{text["picture.alt", ("name", picture.Name)]}*\n");
            }

            foreach (var source in view.Sources)
            {
                written.Append(text.Culture, $"\n{source.Number}. {source.DocumentName}");
            }

            written.Append(view.Sources.Count > 0 ? "\n" : "");
        }

        return written.ToString();
    }

    /// <summary>All chats of somebody, or some of them, as an archive with a file for each.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="only">Which; none: all.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellationToken">Gives up; what was written is no archive then.</param>
    public async Task WriteAllAsync(Guid accountId, IReadOnlyCollection<Guid> only, Stream output, CancellationToken cancellationToken)
    {
        var buffer = new BufferedStream(output, BufferSize);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        await using (var zip = await ZipArchive.CreateAsync(buffer, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
        {
            await foreach (var chat in export.ChatsAsync(accountId, only, cancellationToken))
            {
                var entry = zip.CreateEntry($"{ChatNames.Among(taken, chat, text["chat.untitled"])}.md");
                entry.LastWriteTime = NoTime;
                await using var file = await entry.OpenAsync(cancellationToken);
                await file.WriteAsync(Encoding.UTF8.GetBytes(await WriteAsync(accountId, chat, cancellationToken)), cancellationToken);
                await file.FlushAsync(cancellationToken);
            }
        }

        await buffer.FlushAsync(cancellationToken);
    }

    private string WhoOf(MessageView view) => view switch
    {
        { Message.Role: MessageRole.User } => text["exchange.you"],
        { Message.Edited: true } or { Turn: null } => text["message.edited"],
        { Turn: { } turn } => text.Answerer(turn) is { Length: > 0 } name ? name : text["exchange.model"],
    };
}
