namespace Calango.Web.Markdown;

/// <summary>
/// Refuses a block whose markup would cost more than it can be worth. Markdig pairs each emphasis mark and each bracket
/// with all that stand open before it, and each level of nesting on a line with all around it: the square of their number.
/// A full block of 16 K characters took 750 ms that way; within these limits the worst takes a few.
/// </summary>
internal static class Effort
{
    private const int MostMarks = 1500;
    private const int BracketWeight = 3;
    private const int DeepestLine = 64;

    public static bool IsBounded(ReadOnlySpan<char> block)
    {
        var marks = block.Count('*') + block.Count('_') + block.Count('~') + BracketWeight * block.Count('[');
        if (marks > MostMarks) return false;
        foreach (var line in block.EnumerateLines())
        {
            if (Depth(line) > DeepestLine) return false;
        }

        return true;
    }

    /// <summary>How many quotes and list items a line opens, or a few more.</summary>
    private static int Depth(ReadOnlySpan<char> line)
    {
        var end = line.IndexOfAnyExcept(" \t0123456789>-+*.)");
        var prefix = end < 0 ? line : line[..end];
        return prefix.Count('>') + prefix.Count("- ") + prefix.Count("+ ") + prefix.Count("* ") + prefix.Count(". ") + prefix.Count(") ");
    }
}
