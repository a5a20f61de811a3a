using System.Globalization;

namespace Calango.Core.Localization;

/// <summary>Reads an Accept-Language header (RFC 9110, section 12.5.4).</summary>
internal static class AcceptedLanguages
{
    // A header is a stranger's: nobody has more languages than this.
    private const int MaxEntries = 20;

    /// <summary>The languages in it, best first; those refused with q=0 are left out.</summary>
    public static IEnumerable<string> Of(string? header) => (header ?? "").Split(',', MaxEntries + 1, StringSplitOptions.TrimEntries)
        .Take(MaxEntries).Select(Parse).Where(entry => entry.Language is not ("" or "*") && entry.Quality > 0).OrderByDescending(entry => entry.Quality).Select(entry => entry.Language);

    private static (string Language, double Quality) Parse(string entry)
    {
        var parts = entry.Split(';', StringSplitOptions.TrimEntries);
        var weight = Array.Find(parts, part => part.StartsWith("q=", StringComparison.OrdinalIgnoreCase));
        return (parts[0], weight is null ? 1 : double.TryParse(weight.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality) ? quality : 0);
    }
}
