using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Calango.Core.Chat;

namespace Calango.Core.Exchange;

/// <summary>Reads members of JSON that others have written: what is not there, or of another kind, is null.</summary>
internal static partial class JsonLeniency
{
    private const double Milliseconds = 1e11, Microseconds = 1e14, Nanoseconds = 1e17;

    /// <summary>A member that is there.</summary>
    public static JsonElement? Member(this JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    /// <summary>A member of a member.</summary>
    public static JsonElement? Member(this JsonElement item, string name, string then) => item.Member(name)?.Member(then);

    /// <summary>A text, as it can be stored.</summary>
    public static string? Text(this JsonElement item, string name) => item.Member(name) is { } value ? TextOf(value) : null;

    /// <summary>A text, as it can be stored; null: it is none.</summary>
    public static string? TextOf(this JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a character, which somebody has cut in two.
            text = JsonSerializer.Deserialize<string>(LoneHalves().Replace(value.GetRawText(), match => match.Groups[1].Success ? match.Value : "\\ufffd"))!;
        }

        return MessageText.Clean(text);
    }

    /// <summary>A text, or a number as one: a key.</summary>
    public static string? Key(this JsonElement item, string name) => item.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } text => TextOf(text),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>Whether a member says yes.</summary>
    public static bool Says(this JsonElement item, string name) => item.Member(name) is { ValueKind: JsonValueKind.True };

    /// <summary>A number.</summary>
    public static double? Number(this JsonElement item, string name) => item.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A number of things.</summary>
    public static int? Count(this JsonElement item, string name) => item.Number(name) is >= 0 and <= int.MaxValue and var number ? (int)number : null;

    /// <summary>The items of an array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement item, string name) => item.Member(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>Whether a member is an array.</summary>
    public static bool HasItems(this JsonElement item, string name) => item.Member(name) is { ValueKind: JsonValueKind.Array };

    /// <summary>Whether a member is an object.</summary>
    public static bool HasObject(this JsonElement item, string name) => item.Member(name) is { ValueKind: JsonValueKind.Object };

    /// <summary>The first of some members that is a time: a number since 1970, as fine as it seems to be, or a date as ISO 8601 writes it. One that no calendar has is the last of all.</summary>
    public static DateTimeOffset? Time(this JsonElement item, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            switch (item.Member(name))
            {
                case { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number):
                    return Since1970(number);
                case { ValueKind: JsonValueKind.String } value when TextOf(value) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time):
                    return time;
            }
        }

        return null;
    }

    private static DateTimeOffset Since1970(double number)
    {
        var seconds = number switch
        {
            >= Nanoseconds => number / 1e9,
            >= Microseconds => number / 1e6,
            >= Milliseconds => number / 1e3,
            _ => number,
        };
        // To the millisecond: a fraction of a second has no exact form.
        return seconds is >= 0 and < 2e11 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : DateTimeOffset.MaxValue;
    }

    [GeneratedRegex(@"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\)|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")]
    private static partial Regex LoneHalves();
}
