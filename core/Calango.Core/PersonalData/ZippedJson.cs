using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Calango.Core.PersonalData;

/// <summary>A file of JSON within a zip. What is written waits in memory until it is passed on: the serializer would pass it on by itself, but not asynchronously.</summary>
internal sealed class ZippedJson : IAsyncDisposable
{
    // What isn't there is left out, and enumerations stand by name.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Stream _file;

    private ZippedJson(Stream file)
    {
        _file = file;
        Writer = new Utf8JsonWriter(_text, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>For what is no value of its own.</summary>
    public Utf8JsonWriter Writer { get; }

    public static async Task<ZippedJson> CreateAsync(ZipArchive zip, string name, CancellationToken cancellationToken) => new(await zip.CreateEntry(name).OpenAsync(cancellationToken));

    /// <summary>Writes a value.</summary>
    public void Write<T>(T value) => JsonSerializer.Serialize(Writer, value, Options);

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
        await _file.DisposeAsync();
    }
}
