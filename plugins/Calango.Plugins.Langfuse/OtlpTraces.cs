using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.Langfuse;

/// <summary>Writes a request of OTLP: one span for each event, and within it one for each call of a tool.</summary>
internal static class OtlpTraces
{
    private const int KindInternal = 1, KindClient = 3, StatusError = 2;

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
            for (var index = 0; index < one.ToolCalls.Count; index++)
            {
                WriteSpan(json, one, one.ToolCalls[index], one.Text?.ToolCalls.ElementAtOrDefault(index));
            }
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

    private static void WriteSpan(Utf8JsonWriter json, ModelEvent one) => WriteSpan(
        json,
        new SpanHead(one.TurnId, one.Id, one.Id == one.TurnId ? null : one.TurnId, NameOf(one), KindClient, one.StartedAt, one.EndedAt, one.FailureCode),
        list => Generation.Describe(one, list));

    private static void WriteSpan(Utf8JsonWriter json, ModelEvent one, ToolCallEvent call, ToolCallText? text) => WriteSpan(
        json,
        new SpanHead(one.TurnId, call.Id, one.Id, $"execute_tool {call.Tool ?? "unknown"}", KindInternal, call.StartedAt, call.EndedAt, ToolObservation.FailureOf(call)),
        list => ToolObservation.Describe(one, call, text, list));

    private static void WriteSpan(Utf8JsonWriter json, SpanHead span, Action<SpanAttributes> describe)
    {
        json.WriteStartObject();
        json.WriteString("traceId", span.Trace.ToString("N"));
        json.WriteString("spanId", SpanIdOf(span.Id));
        if (span.Parent is { } parent)
        {
            json.WriteString("parentSpanId", SpanIdOf(parent));
        }

        json.WriteString("name", span.Name);
        json.WriteNumber("kind", span.Kind);
        json.WriteString("startTimeUnixNano", UnixNano(span.Start));
        json.WriteString("endTimeUnixNano", UnixNano(span.End));
        new SpanAttributes(json).Write(describe);
        json.WriteStartObject("status");
        if (span.Failure is { } code)
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
        ModelTask.Question => $"question {one.ModelId ?? "unknown"}",
        ModelTask.Test => "Calango test",
        _ => $"chat {one.ModelId ?? "unknown"}",
    };

    // The second half of an id of version 7 is random.
    private static string SpanIdOf(Guid id) => id.ToString("N")[16..];

    private static string UnixNano(DateTimeOffset time) => ((time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick).ToString(CultureInfo.InvariantCulture);

    private sealed record SpanHead(Guid Trace, Guid Id, Guid? Parent, string Name, int Kind, DateTimeOffset Start, DateTimeOffset End, string? Failure);
}
