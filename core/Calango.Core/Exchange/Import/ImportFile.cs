using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Calango.Core.Errors;

namespace Calango.Core.Exchange;

/// <summary>
/// A file that somebody wants taken in: JSON, or an archive in which all that is JSON is looked at. It is read chat by chat. What cannot be read of
/// it keeps the rest from nothing, and is counted. Nothing of it is ever written to where a name in it says.
/// </summary>
internal sealed class ImportFile : IDisposable
{
    private const int MostEntries = 200_000;
    private const long MostUnpacked = 4L * 1024 * 1024 * 1024;
    private const int MostMessages = 50_000;

    private static readonly IChatReader[] Readers = [new OwnReader(), new ChatGptReader(), new ClaudeReader(), new OpenWebUiReader(), new LibreChatReader(), new ChatbotUiReader()];

    private readonly Stream _content;
    private readonly ZipArchive? _zip;
    private readonly ByteBudget _budget = new(MostUnpacked);

    private ImportFile(Stream content, ZipArchive? zip) => (_content, _zip) = (content, zip);

    /// <summary>Opens one.</summary>
    /// <exception cref="RejectedException"><c>exchange.damaged</c>: it is an archive that cannot be opened; <c>exchange.unpacksTooLarge</c>: it has too many files.</exception>
    public static async Task<ImportFile> OpenAsync(Stream content, CancellationToken cancellationToken)
    {
        var start = new byte[4];
        var isZip = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken) == start.Length && start.AsSpan().SequenceEqual("PK\x03\x04"u8);
        content.Position = 0;
        if (!isZip)
        {
            return new ImportFile(content, zip: null);
        }

        try
        {
            var zip = await ZipArchive.CreateAsync(content, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            return zip.Entries.Count <= MostEntries ? new ImportFile(content, zip) : throw new RejectedException("exchange.unpacksTooLarge");
        }
        catch (InvalidDataException)
        {
            throw new RejectedException("exchange.damaged");
        }
    }

    /// <summary>Its chats, tidied.</summary>
    /// <param name="accountId">Whose they will be.</param>
    /// <param name="now">No time in them is later.</param>
    /// <param name="losses">Counts what cannot be read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException"><c>exchange.unpacksTooLarge</c>.</exception>
    public async IAsyncEnumerable<ReadChat> ChatsAsync(Guid accountId, DateTimeOffset now, ImportLosses losses, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in ItemsAsync(losses, cancellationToken))
        {
            using (item)
            {
                var (reader, files) = Read(accountId, item.RootElement, losses);
                foreach (var file in files)
                {
                    yield return new ReadChat(reader!.Source, ChatTidier.Tidy(file, now, losses));
                }
            }
        }
    }

    /// <summary>Opens a file of the archive, which the caller disposes; null: there is none.</summary>
    public async Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken) =>
        _zip?.GetEntry(path) is { } entry ? new BudgetedStream(await entry.OpenAsync(cancellationToken), _budget) : null;

    /// <inheritdoc/>
    public void Dispose() => _zip?.Dispose();

    private async IAsyncEnumerable<JsonDocument> ItemsAsync(ImportLosses losses, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var entry in _zip?.Entries.Where(entry => entry.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) ?? [null!])
        {
            await using var file = entry is null ? _content : await entry.OpenAsync(cancellationToken);
            var items = new JsonItems(file, _budget);
            while (await NextAsync(items, losses, cancellationToken) is { } item)
            {
                yield return item;
            }
        }
    }

    private static async Task<JsonDocument?> NextAsync(JsonItems items, ImportLosses losses, CancellationToken cancellationToken)
    {
        try
        {
            return await items.NextAsync(cancellationToken);
        }
        catch (ImportLimitException tooLarge) when (tooLarge.Code == "unpacksTooLarge")
        {
            throw new RejectedException("exchange.unpacksTooLarge");
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or ImportLimitException)
        {
            losses.Note(exception is ImportLimitException ? "tooLarge" : "damaged");
            return null;
        }
    }

    private static (IChatReader? Reader, IReadOnlyList<ChatFile> Files) Read(Guid accountId, JsonElement item, ImportLosses losses)
    {
        IChatReader? reader = null;
        try
        {
            reader = Array.Find(Readers, reader => reader.Reads(item));
            var files = reader?.Read(accountId, item, losses) ?? [];
            losses.Note("tooManyMessages", files.Count(file => file.Messages.Count > MostMessages));
            return (reader, [.. files.Where(file => file.Messages.Count <= MostMessages)]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException or NotSupportedException or RegexMatchTimeoutException)
        {
            losses.Note("unreadable");
            return (reader, []);
        }
    }
}

/// <summary>A chat of a file.</summary>
/// <param name="Source">The program that has written it.</param>
/// <param name="File">The chat.</param>
internal sealed record ReadChat(string Source, ChatFile File);
