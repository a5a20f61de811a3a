using System.Globalization;
using System.Text.Json;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>Reads JSON whose shape nobody promised: what is absent or of another type is null or undefined, never an exception.</summary>
internal static class Json
{
    public static JsonElement Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static IEnumerable<JsonElement> Items(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    public static string? String(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static int? Int(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && number is >= 0 and <= int.MaxValue
            ? (int)number
            : null;

    /// <summary>A number, or text that is one.</summary>
    public static decimal? Decimal(JsonElement element, string name) => Property(element, name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetDecimal(out var number) => number,
        { ValueKind: JsonValueKind.String } value when decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    public static bool? Bool(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    public static bool IsFalse(JsonElement element, string name) => Property(element, name).ValueKind == JsonValueKind.False;
}
