using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Calango.Core.Exchange;

/// <summary>A file of JSON that is written bit by bit. What is written waits in memory until it is passed on: the serializer would pass it on by itself, but not asynchronously.</summary>
internal sealed class StreamedJson : IAsyncDisposable
{
    // Of an archive: the same chats are the same bytes, whenever they are written.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Stream _file;
    private readonly bool _leavesOpen;

    private StreamedJson(Stream file, bool leavesOpen)
    {
        (_file, _leavesOpen) = (file, leavesOpen);
        Writer = new Utf8JsonWriter(_text, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>For what is no value of its own.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>One that stays open for more.</summary>
    public static StreamedJson To(Stream file) => new(file, leavesOpen: true);

    /// <summary>A file of an archive.</summary>
    public static async Task<StreamedJson> CreateAsync(ZipArchive zip, string name, CancellationToken cancellationToken) =>
        new(await EntryOf(zip, name, CompressionLevel.Optimal).OpenAsync(cancellationToken), leavesOpen: false);

    /// <summary>A new file of an archive, of no time.</summary>
    public static ZipArchiveEntry EntryOf(ZipArchive zip, string name, CompressionLevel level)
    {
        var entry = zip.CreateEntry(name, level);
        entry.LastWriteTime = NoTime;
        return entry;
    }

    /// <summary>Writes a value.</summary>
    public void Write<T>(T value) => JsonSerializer.Serialize(Writer, value, ChatFile.Json);

    /// <summary>Passes on what has been written.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await Writer.FlushAsync(cancellationToken);
        await _file.WriteAsync(_text.WrittenMemory, cancellationToken);
        await _file.FlushAsync(cancellationToken);
        _text.ResetWrittenCount();
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        if (!_leavesOpen)
        {
            await _file.DisposeAsync();
        }
    }
}
