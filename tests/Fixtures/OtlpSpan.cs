using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Calango.Tests.Fixtures;

/// <summary>A span as it came in OTLP's JSON.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TraceId">32 digits.</param>
/// <param name="SpanId">16 digits.</param>
/// <param name="ParentSpanId">16 digits; null: it is a root.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
/// <param name="StatusCode">0: not said, 2: an error.</param>
/// <param name="Attributes">By name; numbers and lists as their JSON.</param>
public sealed partial record OtlpSpan(
    string Name, string TraceId, string SpanId, string? ParentSpanId, DateTimeOffset Start, DateTimeOffset End, int StatusCode, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>Reads a request, held to OTLP's rules: ids are digits, 64-bit numbers are strings, attributes are lists.</summary>
    public static IReadOnlyList<OtlpSpan> Read(byte[] request)
    {
        using var document = JsonDocument.Parse(request);
        return [.. from resource in document.RootElement.GetProperty("resourceSpans").EnumerateArray()
            from scope in resource.GetProperty("scopeSpans").EnumerateArray()
            from span in scope.GetProperty("spans").EnumerateArray()
            select Read(span)];
    }

    private static OtlpSpan Read(JsonElement span) => new(
        span.GetProperty("name").GetString()!,
        Id(span.GetProperty("traceId"), 32),
        Id(span.GetProperty("spanId"), 16),
        span.TryGetProperty("parentSpanId", out var parent) ? Id(parent, 16) : null,
        Time(span.GetProperty("startTimeUnixNano")),
        Time(span.GetProperty("endTimeUnixNano")),
        span.TryGetProperty("status", out var status) && status.TryGetProperty("code", out var code) ? code.GetInt32() : 0,
        span.GetProperty("attributes").EnumerateArray().ToDictionary(attribute => attribute.GetProperty("key").GetString()!, attribute => Value(attribute.GetProperty("value"))));

    private static string Id(JsonElement id, int digits) =>
        Digits().IsMatch(id.GetString()!) && id.GetString()!.Length == digits ? id.GetString()! : throw new FormatException($"No id: {id}");

    private static DateTimeOffset Time(JsonElement nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(long.Parse(nanoseconds.GetString()!, CultureInfo.InvariantCulture) / 100);

    private static string Value(JsonElement value) => value.EnumerateObject().Single() switch
    {
        { Name: "stringValue" } text => text.Value.GetString()!,
        { Name: "intValue" } number => long.Parse(number.Value.GetString()!, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        { Name: "doubleValue" } number => number.Value.GetDouble().ToString(CultureInfo.InvariantCulture),
        { Name: "boolValue" } truth => truth.Value.GetBoolean() ? "true" : "false",
        { Name: "arrayValue" } list => string.Join(',', list.Value.GetProperty("values").EnumerateArray().Select(Value)),
        var other => throw new FormatException($"No value: {other.Name}"),
    };

    [GeneratedRegex("^[0-9a-f]+$")]
    private static partial Regex Digits();
}
