using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.Langfuse;

/// <summary>Writes a request of OTLP: one span for each event.</summary>
internal static class OtlpTraces
{
    private const int KindClient = 3, StatusError = 2;

    // Sent as JSON only: accents and other scripts may stay as they are, and take a third of the room.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(IReadOnlyList<ModelEvent> events) => Written(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("resourceSpans");
        json.WriteStartObject();
        json.WriteStartObject("resource");
        new SpanAttributes(json).Write(list => list.Add("service.name", "calango"));
        json.WriteEndObject();
        json.WriteStartArray("scopeSpans");
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", "Calango");
        json.WriteEndObject();
        json.WriteStartArray("spans");
        foreach (var one in events)
        {
            WriteSpan(json, one);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>JSON in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            write(json);
        }

        return buffer.WrittenMemory;
    }

    private static void WriteSpan(Utf8JsonWriter json, ModelEvent one)
    {
        json.WriteStartObject();
        json.WriteString("traceId", one.TurnId.ToString("N"));
        json.WriteString("spanId", SpanIdOf(one.Id));
        if (one.Id != one.TurnId)
        {
            json.WriteString("parentSpanId", SpanIdOf(one.TurnId));
        }

        json.WriteString("name", NameOf(one));
        json.WriteNumber("kind", KindClient);
        json.WriteString("startTimeUnixNano", UnixNano(one.StartedAt));
        json.WriteString("endTimeUnixNano", UnixNano(one.EndedAt));
        new SpanAttributes(json).Write(list => Generation.Describe(one, list));
        json.WriteStartObject("status");
        if (one.FailureCode is { } code)
        {
            json.WriteNumber("code", StatusError);
            json.WriteString("message", code);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string NameOf(ModelEvent one) => one.Task switch
    {
        ModelTask.Title => $"title {one.ModelId ?? "unknown"}",
        ModelTask.Test => "Calango test",
        _ => $"chat {one.ModelId ?? "unknown"}",
    };

    // The second half of an id of version 7 is random.
    private static string SpanIdOf(Guid id) => id.ToString("N")[16..];

    private static string UnixNano(DateTimeOffset time) => ((time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick).ToString(CultureInfo.InvariantCulture);
}
