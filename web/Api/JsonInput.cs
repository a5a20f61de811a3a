using System.Text.Json;
using Calango.Core.Errors;

namespace Calango.Web.Api;

/// <summary>A JSON value that a program sent. What is wrong with it is said with the way to it, as in <c>messages[0].content</c>.</summary>
internal readonly record struct JsonInput(JsonElement Value, string Path)
{
    /// <summary>Reads a request's body.</summary>
    /// <exception cref="RejectedException">It is no JSON object.</exception>
    public static async Task<JsonInput> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, default, cancellationToken);
            Decode(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new JsonInput(document.RootElement.Clone(), "") : throw new RejectedException("api.json");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new RejectedException("api.json");
        }
    }

    /// <summary>A member; null: it is not there, or is JSON's null.</summary>
    public JsonInput? this[string name] =>
        Object().TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new JsonInput(value, Path.Length == 0 ? name : $"{Path}.{name}") : null;

    /// <summary>A member that must be there.</summary>
    public JsonInput Needed(string name) => this[name] ?? throw new RejectedException("api.missing", ("param", Path.Length == 0 ? name : $"{Path}.{name}"));

    /// <summary>Whether it is a text.</summary>
    public bool IsText => Value.ValueKind == JsonValueKind.String;

    /// <summary>A text.</summary>
    public string Text() => IsText ? Value.GetString()! : throw IsNot("string");

    /// <summary>A text of at least one character, and not more than so many.</summary>
    public string Text(int most) => Text() is { Length: > 0 } text && text.Length <= most ? text : throw new RejectedException("api.length", ("param", Path), ("most", Number(most)));

    /// <summary>The id of something.</summary>
    public Guid Id() => Guid.TryParse(Text(), out var id) ? id : throw IsNot("uuid");

    /// <summary>A moment, as RFC 3339 writes it.</summary>
    public DateTimeOffset Time() => IsText && Value.TryGetDateTimeOffset(out var time) ? time : throw IsNot("date-time");

    /// <summary>True or false.</summary>
    public bool Flag() => Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : throw IsNot("boolean");

    /// <summary>A number within bounds.</summary>
    public double Number(double least, double most) =>
        Value.ValueKind != JsonValueKind.Number ? throw IsNot("number")
        : Value.TryGetDouble(out var number) && number >= least && number <= most ? number
        : throw new RejectedException("api.range", ("param", Path), ("least", Number(least)), ("most", Number(most)));

    /// <summary>A whole number within bounds.</summary>
    public long Whole(long least, long most) =>
        Value.ValueKind != JsonValueKind.Number || !Value.TryGetInt64(out var number) ? throw IsNot("integer")
        : number >= least && number <= most ? number
        : throw new RejectedException("api.range", ("param", Path), ("least", Number(least)), ("most", Number(most)));

    /// <summary>What stands in a list.</summary>
    public IReadOnlyList<JsonInput> Items()
    {
        var path = Path;
        return Value.ValueKind == JsonValueKind.Array ? [.. Value.EnumerateArray().Select((item, index) => new JsonInput(item, $"{path}[{Number(index)}]"))] : throw IsNot("array");
    }

    /// <summary>An object as it came.</summary>
    public JsonElement Object() => Value.ValueKind == JsonValueKind.Object ? Value : throw IsNot("object");

    /// <summary>What cannot be served here.</summary>
    public RejectedException NotSupported() => new("api.notSupported", ("param", Path));

    // The parser takes halves of characters, and bytes that are none, and whoever reads the text stumbles over them.
    private static void Decode(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Decode(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    Decode(member.Value);
                }

                break;
        }
    }

    private RejectedException IsNot(string type) => new("api.type", ("param", Path), ("type", type));

    private static string Number(double number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
