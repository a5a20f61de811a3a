using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Calango.Core.Tools;

/// <summary>
/// Checks arguments against a JSON schema: the keywords that tools use (json-schema.org/draft/2020-12), with references
/// inside the schema. What it doesn't know, formats among it, it lets pass: the tool has the last word.
/// </summary>
internal sealed class JsonSchema(JsonElement root)
{
    private const int MaxDepth = 64;

    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether it is the schema of an object, as models are to be told.</summary>
    public static bool IsObject(string schema)
    {
        try
        {
            using var document = JsonDocument.Parse(schema);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("type", out var type) && type.ValueEquals("object"u8);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>What is wrong with a value, in words for the model; null: nothing.</summary>
    public static string? Mistake(string schema, JsonElement value)
    {
        using var document = JsonDocument.Parse(schema);
        return new JsonSchema(document.RootElement).Check(document.RootElement, value, "arguments", 0);
    }

    private string? Check(JsonElement schema, JsonElement value, string at, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            return schema.ValueKind == JsonValueKind.False ? $"{at} is not permitted" : null;
        }

        if (schema.TryGetProperty("$ref", out var reference) && Resolve(reference.GetString()) is { } target && Check(target, value, at, depth + 1) is { } wrong)
        {
            return wrong;
        }

        return CheckType(schema, value, at) ?? CheckChoices(schema, value, at) ?? value.ValueKind switch
        {
            JsonValueKind.Object => CheckObject(schema, value, at, depth),
            JsonValueKind.Array => CheckArray(schema, value, at, depth),
            JsonValueKind.String => CheckText(schema, value.GetString()!, at),
            JsonValueKind.Number => CheckNumber(schema, value.GetDouble(), at),
            _ => null,
        } ?? CheckCombined(schema, value, at, depth);
    }

    private JsonElement? Resolve(string? reference)
    {
        var found = root;
        foreach (var part in reference is ['#', .. var path] ? path.Split('/', StringSplitOptions.RemoveEmptyEntries) : ["?"])
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out found))
            {
                return null;
            }
        }

        return found;
    }

    private static string? CheckType(JsonElement schema, JsonElement value, string at)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return null;
        }

        var wanted = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : new[] { type.GetString()! };
        return Array.Exists(wanted, name => Is(value, name)) ? null : $"{at} must be of type {string.Join(" or ", wanted)}";
    }

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && number == Math.Floor(number),
        _ => true,
    };

    private static string? CheckChoices(JsonElement schema, JsonElement value, string at) =>
        schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value))
            ? $"{at} must be one of {choices.GetRawText()}"
        : schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(only, value) ? $"{at} must be {only.GetRawText()}"
        : null;

    private string? CheckObject(JsonElement schema, JsonElement value, string at, int depth)
    {
        foreach (var name in Items(schema, "required"))
        {
            if (!value.TryGetProperty(name.GetString()!, out _))
            {
                return $"{at}.{name.GetString()} is missing";
            }
        }

        var known = schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object ? properties : default;
        foreach (var property in value.EnumerateObject())
        {
            var place = $"{at}.{property.Name}";
            var mistake = known.ValueKind == JsonValueKind.Object && known.TryGetProperty(property.Name, out var its) ? Check(its, property.Value, place, depth + 1)
                : schema.TryGetProperty("additionalProperties", out var others) ? Check(others, property.Value, place, depth + 1)
                : null;
            if (mistake is not null)
            {
                return mistake;
            }
        }

        return null;
    }

    private string? CheckArray(JsonElement schema, JsonElement value, string at, int depth)
    {
        var length = value.GetArrayLength();
        if (Number(schema, "minItems") is { } least && length < least)
        {
            return $"{at} must have at least {Written(least)} items";
        }

        if (Number(schema, "maxItems") is { } most && length > most)
        {
            return $"{at} must have at most {Written(most)} items";
        }

        return schema.TryGetProperty("items", out var items)
            ? value.EnumerateArray().Select((item, index) => Check(items, item, $"{at}[{index}]", depth + 1)).FirstOrDefault(mistake => mistake is not null)
            : null;
    }

    private static string? CheckText(JsonElement schema, string text, string at)
    {
        var length = new StringInfo(text).LengthInTextElements;
        return Number(schema, "minLength") is { } least && length < least ? $"{at} must have at least {Written(least)} characters"
            : Number(schema, "maxLength") is { } most && length > most ? $"{at} must have at most {Written(most)} characters"
            : schema.TryGetProperty("pattern", out var pattern) && pattern.GetString() is { } form && !Matches(text, form) ? $"{at} must match {form}"
            : null;
    }

    // A pattern is a stranger's: one that cannot be read or takes too long says nothing.
    private static bool Matches(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, LongestMatch);
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
        {
            return true;
        }
    }

    private static string? CheckNumber(JsonElement schema, double number, string at) =>
        Number(schema, "minimum") is { } least && number < least ? $"{at} must be at least {Written(least)}"
        : Number(schema, "maximum") is { } most && number > most ? $"{at} must be at most {Written(most)}"
        : Number(schema, "exclusiveMinimum") is { } above && number <= above ? $"{at} must be greater than {Written(above)}"
        : Number(schema, "exclusiveMaximum") is { } below && number >= below ? $"{at} must be less than {Written(below)}"
        : null;

    private string? CheckCombined(JsonElement schema, JsonElement value, string at, int depth)
    {
        var all = Items(schema, "allOf").Select(part => Check(part, value, at, depth + 1)).FirstOrDefault(mistake => mistake is not null);
        if (all is not null)
        {
            return all;
        }

        foreach (var keyword in new[] { "anyOf", "oneOf" })
        {
            var mistakes = Items(schema, keyword).Select(part => Check(part, value, at, depth + 1)).ToList();
            if (mistakes.Count > 0 && !mistakes.Contains(null))
            {
                return mistakes[0];
            }
        }

        return schema.TryGetProperty("not", out var not) && not.ValueKind == JsonValueKind.Object && Check(not, value, at, depth + 1) is null ? $"{at} is not permitted" : null;
    }

    private static IEnumerable<JsonElement> Items(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : [];

    private static double? Number(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetDouble() : null;

    private static string Written(double number) => number.ToString(CultureInfo.InvariantCulture);
}
