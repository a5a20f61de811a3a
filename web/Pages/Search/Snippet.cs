namespace Calango.Web.Pages.Search;

/// <summary>Takes a snippet apart at the signs that stand around the words that were found.</summary>
public static class Snippet
{
    private const char Start = '\u0001', End = '\u0002';

    /// <summary>The text in order, in parts that were found and parts that were not.</summary>
    public static IEnumerable<(string Text, bool IsMatch)> Parts(string snippet)
    {
        var isMatch = false;
        var from = 0;
        for (var at = 0; at <= snippet.Length; at++)
        {
            if (at < snippet.Length && snippet[at] is not Start and not End)
            {
                continue;
            }

            if (at > from)
            {
                yield return (snippet[from..at], isMatch);
            }

            isMatch = at < snippet.Length && snippet[at] == Start;
            from = at + 1;
        }
    }
}
