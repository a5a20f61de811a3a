using System.Globalization;
using System.Text;

namespace Calango.Core.Search;

/// <summary>Brings texts and queries to one form, so that <c>Ação</c> is found by <c>acao</c>.</summary>
internal static class SearchWords
{
    /// <summary>Lower case, without diacritics; what is neither letter nor digit becomes a space.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var character in text.Normalize(NormalizationForm.FormKD))
        {
            if (char.IsLetterOrDigit(character) || char.IsSurrogate(character))
            {
                folded.Append(char.ToLowerInvariant(character));
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(character) is not UnicodeCategory.NonSpacingMark and not UnicodeCategory.EnclosingMark)
            {
                folded.Append(' ');
            }
        }

        return folded.ToString();
    }

    /// <summary>The distinct words of a query, at most 32.</summary>
    public static IReadOnlyList<string> Of(string query) =>
        [.. Fold(query).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().Take(32)];
}
