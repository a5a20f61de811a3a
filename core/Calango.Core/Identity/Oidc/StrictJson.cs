using System.Text.Json;
using System.Text.Unicode;

namespace Calango.Core.Identity;

/// <summary>
/// JSON from a stranger. Two readers that keep a different one of two members of the same name, or read broken characters
/// differently, can be played off against each other: such text is refused whole.
/// </summary>
internal static class StrictJson
{
    private const int MaxDepth = 16;

    /// <summary>Reads an object.</summary>
    /// <exception cref="LoginRefusedException">It is none, or has a member twice, or is too deep.</exception>
    public static JsonElement ReadObject(ReadOnlyMemory<byte> utf8) => Read(utf8, JsonValueKind.Object);

    /// <summary>Reads a list.</summary>
    /// <exception cref="LoginRefusedException">It is none, or something in it has a member twice, or is too deep.</exception>
    public static JsonElement ReadList(ReadOnlyMemory<byte> utf8) => Read(utf8, JsonValueKind.Array);

    /// <summary>A member that is text; null: it is not there.</summary>
    /// <exception cref="LoginRefusedException"><paramref name="otherwise"/>: it is something else.</exception>
    public static string? Text(this JsonElement owner, string name, LoginRefusal otherwise) =>
        !owner.TryGetProperty(name, out var member) ? null
        : member.ValueKind == JsonValueKind.String ? member.GetString()
        : throw new LoginRefusedException(otherwise);

    /// <summary>A member that is a list of texts; null: it is not there.</summary>
    /// <exception cref="LoginRefusedException"><paramref name="otherwise"/>: it is something else.</exception>
    public static IReadOnlyList<string>? Texts(this JsonElement owner, string name, LoginRefusal otherwise) =>
        !owner.TryGetProperty(name, out var member) ? null
        : member.ValueKind == JsonValueKind.Array && member.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. member.EnumerateArray().Select(item => item.GetString()!)]
        : throw new LoginRefusedException(otherwise);

    private static JsonElement Read(ReadOnlyMemory<byte> utf8, JsonValueKind kind)
    {
        try
        {
            var root = Parse(utf8, MaxDepth, duplicates: false);
            return Utf8.IsValid(utf8.Span) && root.ValueKind == kind && IsReadable(root) ? root : throw new LoginRefusedException(LoginRefusal.JsonMalformed);
        }
        catch (JsonException)
        {
            throw new LoginRefusedException(ReasonOf(utf8));
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> utf8, int depth, bool duplicates)
    {
        using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = depth, AllowDuplicateProperties = duplicates });
        return document.RootElement.Clone();
    }

    // Half of a surrogate pair can be written as an escape; whoever asks for such a text later would get an exception.
    private static bool IsReadable(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsReadable(member.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(IsReadable),
                JsonValueKind.String => element.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static LoginRefusal ReasonOf(ReadOnlyMemory<byte> utf8) =>
        CanParse(utf8, MaxDepth, duplicates: true) ? LoginRefusal.JsonDuplicate
        : CanParse(utf8, depth: 1_000_000, duplicates: true) ? LoginRefusal.JsonTooDeep
        : LoginRefusal.JsonMalformed;

    private static bool CanParse(ReadOnlyMemory<byte> utf8, int depth, bool duplicates)
    {
        try
        {
            Parse(utf8, depth, duplicates);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
