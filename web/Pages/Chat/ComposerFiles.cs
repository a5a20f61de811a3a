using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Hosting;
using Calango.Web.Text;

namespace Calango.Web.Pages.Chat;

/// <summary>Takes the files that come with the composer's form.</summary>
public sealed class ComposerFiles(Viewer viewer, ChatViews views, Conversations conversations, ChatDocuments documents, ChatPictures pictures, PageText text)
{
    private const int HeadBytes = 12;

    private static readonly HashSet<string> PictureExtensions = new([".avif", ".bmp", ".gif", ".heic", ".jpeg", ".jpg", ".png", ".svg", ".tif", ".tiff", ".webp"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds files to a chat, and begins it where there is none.</summary>
    /// <param name="conversationId">The chat; empty: a new one.</param>
    /// <param name="files">The files.</param>
    /// <param name="settings">How a new one will run.</param>
    /// <param name="model">Its model, as forms name it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">There is no such chat.</exception>
    public async Task<ReceivedFiles> ReceiveAsync(Guid conversationId, IReadOnlyList<IFormFile> files, SettingsForm settings, string? model, CancellationToken cancellationToken)
    {
        var refusals = new List<string>();
        var received = new List<Guid>();
        foreach (var file in files)
        {
            try
            {
                if (file.Length == 0)
                {
                    throw new RejectedException("document.empty");
                }

                var isPicture = await IsPictureAsync(file, cancellationToken);
                if (isPicture && Parsed(model) is { } chosen)
                {
                    await pictures.RefuseUnseenAsync(viewer.AccountId, chosen, cancellationToken);
                }

                conversationId = conversationId == Guid.Empty
                    ? (await conversations.BeginAsync(viewer.AccountId, settings.Read(), Parsed(model), settings.Folder, cancellationToken)).Id
                    : conversationId;
                await using var bytes = file.OpenReadStream();
                if (isPicture)
                {
                    received.Add((await pictures.AddAsync(viewer.AccountId, conversationId, file.FileName, bytes, cancellationToken)).Id);
                }
                else
                {
                    await documents.AddAsync(viewer.AccountId, conversationId, file.FileName, bytes, cancellationToken);
                }
            }
            catch (RejectedException rejected) when (rejected.Code.StartsWith("document.", StringComparison.Ordinal) || rejected.Code.StartsWith("picture.", StringComparison.Ordinal))
            {
                refusals.Add($"{file.FileName}: {text.Error(Fault.Of(rejected))}");
            }
        }

        return new ReceivedFiles(conversationId, refusals, received);
    }

    /// <summary>The chat as it is then, with what was written already.</summary>
    public async Task<ChatView> ShowAsync(ReceivedFiles received, SettingsForm settings, string? model, string? draft, CancellationToken cancellationToken)
    {
        var chat = received.ConversationId == Guid.Empty
            ? await views.NewAsync(viewer.AccountId, Parsed(model), cancellationToken)
            : await views.FindAsync(viewer.AccountId, received.ConversationId, cancellationToken) ?? throw new NotFoundException();
        return chat with { Composer = chat.Composer with { Settings = settings, Draft = draft, Refusals = received.Refusals } };
    }

    // What it holds says what it is. What only says that it is a picture is told so: nobody means it to be read as a document.
    private static async Task<bool> IsPictureAsync(IFormFile file, CancellationToken cancellationToken)
    {
        var head = new byte[HeadBytes];
        await using var bytes = file.OpenReadStream();
        var count = await bytes.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, cancellationToken);
        if (ChatPictures.Recognizes(head.AsSpan(0, count)))
        {
            return true;
        }

        return file.ContentType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || PictureExtensions.Contains(Path.GetExtension(file.FileName))
            ? throw new RejectedException("picture.unreadable")
            : false;
    }

    private static ModelRef? Parsed(string? model) => ModelRef.TryParse(model, out var chosen) ? chosen : null;
}

/// <summary>What became of files.</summary>
/// <param name="ConversationId">The chat that they belong to; empty: there is still none.</param>
/// <param name="Refusals">Why some were not taken, one line each.</param>
/// <param name="Pictures">The pictures among them, which wait for a question.</param>
public sealed record ReceivedFiles(Guid ConversationId, IReadOnlyList<string> Refusals, IReadOnlyList<Guid> Pictures)
{
    /// <summary>Where to go on.</summary>
    public string Url => ConversationId == Guid.Empty ? "/" : $"/chat/{ConversationId}";
}
