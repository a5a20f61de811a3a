using System.Text;

namespace Calango.Core.Search;

/// <summary>Cuts out of a text the part that shows best why it was found.</summary>
internal static class Snippet
{
    /// <summary>Stands before a matched word.</summary>
    public const char MatchStart = '\u0001';

    /// <summary>Stands after it.</summary>
    public const char MatchEnd = '\u0002';

    private const int Usual = 180;
    private const int MaxMatches = 2_000;

    /// <summary>One line of at most about so many characters around the place with most of the different terms; without terms, the beginning.</summary>
    public static string Of(string text, IReadOnlyList<SearchTerm> terms, int length = Usual)
    {
        var matches = FindMatches(text, terms);
        var (first, last) = BestOf(matches, terms.Count, length);
        var from = matches.Count == 0 ? 0 : matches[first].Start;
        var to = matches.Count == 0 ? 0 : matches[last].End;
        (from, to) = Widen(text, from, to, length);
        return Render(text, from, to, matches);
    }

    private static List<Match> FindMatches(string text, IReadOnlyList<SearchTerm> terms)
    {
        var matches = new List<Match>();
        var words = new SearchWords(text);
        while (matches.Count < MaxMatches && words.Read())
        {
            for (var term = 0; term < terms.Count; term++)
            {
                if (terms[term].Matches(words.Word))
                {
                    matches.Add(new Match(words.Start, words.End, term));
                    break;
                }
            }
        }

        return matches;
    }

    // A window slides over the matches; seen counts each term in it.
    private static (int First, int Last) BestOf(List<Match> matches, int terms, int length)
    {
        var seen = new int[terms];
        var (best, bestDistinct, distinct, first) = ((0, 0), 0, 0, 0);
        for (var last = 0; last < matches.Count; last++)
        {
            distinct += seen[matches[last].Term]++ == 0 ? 1 : 0;
            while (matches[last].End - matches[first].Start > length && first < last)
            {
                distinct -= --seen[matches[first].Term] == 0 ? 1 : 0;
                first++;
            }

            if (distinct > bestDistinct)
            {
                (best, bestDistinct) = ((first, last), distinct);
            }
        }

        return best;
    }

    // A third of the room goes before the match, the rest after; cut words are left out.
    private static (int From, int To) Widen(string text, int from, int to, int length)
    {
        var room = Math.Max(0, length - (to - from));
        var start = Math.Max(0, from - (room / 3));
        var end = Math.Min(text.Length, to + room - (from - start));
        while (start > 0 && start < from && !char.IsWhiteSpace(text[start - 1]))
        {
            start++;
        }

        while (end < text.Length && end > to && !char.IsWhiteSpace(text[end]))
        {
            end--;
        }

        // No space to cut at: a long line of one word. A pair of surrogates stays whole.
        end = end == to ? Math.Min(text.Length, to + room - (from - start)) : end;
        end = end > 0 && end < text.Length && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;
        return (start, end);
    }

    private static string Render(string text, int from, int to, List<Match> matches)
    {
        var snippet = new StringBuilder(to - from + 64);
        snippet.Append(from > 0 ? "…" : "");
        var position = from;
        foreach (var match in matches.Where(match => match.Start >= from && match.End <= to))
        {
            AppendLine(snippet, text.AsSpan(position..match.Start));
            snippet.Append(MatchStart).Append(text, match.Start, match.End - match.Start).Append(MatchEnd);
            position = match.End;
        }

        AppendLine(snippet, text.AsSpan(position..to));
        return snippet.Append(to < text.Length ? "…" : "").ToString();
    }

    // Control characters become spaces too: a text can't forge the marks of a match.
    private static void AppendLine(StringBuilder snippet, ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsWhiteSpace(character) && !char.IsControl(character))
            {
                snippet.Append(character);
            }
            else if (snippet.Length > 0 && snippet[^1] != ' ')
            {
                snippet.Append(' ');
            }
        }
    }

    private readonly record struct Match(int Start, int End, int Term);
}
