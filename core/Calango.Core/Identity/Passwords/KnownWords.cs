using System.Globalization;
using System.Text;

namespace Calango.Core.Identity;

/// <summary>Words that everybody knows of a server and of a person: whoever guesses tries them first, with a year or a few signs (OWASP ASVS 5.0, 6.2.11).</summary>
public static class KnownWords
{
    private const int ShortestWord = 3;
    private const int FewestOtherLetters = 4;

    /// <summary>Whether a password is made of them and of little else. Digits and signs are little, however many.</summary>
    /// <param name="password">The password.</param>
    /// <param name="texts">Where the words stand, such as somebody's name; null: nowhere.</param>
    public static bool Make(string password, IEnumerable<string?> texts)
    {
        var rest = Plain(password);
        var there = texts.SelectMany(text => WordsOf(text ?? "")).OrderByDescending(word => word.Length).Where(word => rest.Contains(word, StringComparison.Ordinal)).ToList();
        there.ForEach(word => rest = rest.Replace(word, " ", StringComparison.Ordinal));
        return there.Count > 0 && rest.Count(char.IsLetter) < FewestOtherLetters;
    }

    private static IEnumerable<string> WordsOf(string text) =>
        string.Concat(Plain(text).Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')).Split(' ').Where(word => word.Length >= ShortestWord && word.Any(char.IsLetter));

    // João is joao, too.
    private static string Plain(string text) =>
        string.Concat(text.Normalize(NormalizationForm.FormD).Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)).ToLowerInvariant();
}
