using System.Text.Json;

namespace Calango.Core.Identity;

/// <summary>Takes from claims what an account needs.</summary>
internal static class ClaimReader
{
    /// <summary>The longest name or address that is taken; a longer one is none.</summary>
    public const int MaxTextLength = 256;

    private const int MostGroups = 1_000;

    private static readonly string[] EmailClaims = ["email", "email_verified"];

    /// <summary>Everything of both, the first counting where both say something. An address comes with its own word on whether it was verified, never with the other's.</summary>
    public static JsonElement Merge(JsonElement first, JsonElement second)
    {
        var merged = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var claim in first.EnumerateObject())
        {
            merged[claim.Name] = claim.Value;
        }

        foreach (var claim in second.EnumerateObject())
        {
            merged.TryAdd(claim.Name, claim.Value);
        }

        var source = SaysMoreOfEmail(first, second) ? second : first;
        foreach (var name in EmailClaims)
        {
            merged.Remove(name);
            if (source.TryGetProperty(name, out var claim))
            {
                merged[name] = claim;
            }
        }

        return JsonSerializer.SerializeToElement(merged);
    }

    /// <summary>A claim for people; null: there is none that could be shown.</summary>
    public static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String && claim.GetString()!.Trim() is { Length: > 0 and <= MaxTextLength } text
        && !text.Any(char.IsControl) ? text : null;

    /// <summary>Whether a claim is true. Some providers write it as text.</summary>
    public static bool IsTrue(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim) && (claim.ValueKind == JsonValueKind.True || (claim.ValueKind == JsonValueKind.String && claim.ValueEquals("true")));

    /// <summary>The groups in a claim. Its name is taken as it is, and else as a path: <c>realm_access.roles</c>.</summary>
    public static IReadOnlyList<string> Groups(JsonElement claims, string? name)
    {
        if (name is null || Find(claims, name) is not { } claim)
        {
            return [];
        }

        var items = claim.ValueKind == JsonValueKind.Array ? claim.EnumerateArray() : (IEnumerable<JsonElement>)[claim];
        return [.. items.Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)
            .Where(group => group.Length is > 0 and <= MaxTextLength && !group.Any(char.IsControl)).Distinct(StringComparer.Ordinal).Take(MostGroups)];
    }

    private static bool SaysMoreOfEmail(JsonElement first, JsonElement second) => !first.TryGetProperty(EmailClaims[0], out _)
        || (!first.TryGetProperty(EmailClaims[1], out _) && Text(first, EmailClaims[0]) is { } email && email == Text(second, EmailClaims[0]));

    private static JsonElement? Find(JsonElement claims, string name)
    {
        if (claims.TryGetProperty(name, out var whole))
        {
            return whole;
        }

        var found = claims;
        foreach (var part in name.Split('.'))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(part, out found))
            {
                return null;
            }
        }

        return found;
    }
}
