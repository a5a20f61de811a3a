namespace Calango.Core.Templates;

/// <summary>A line of one text or the other.</summary>
/// <param name="Change">Where it is.</param>
/// <param name="Text">The line.</param>
public sealed record DiffLine(LineChange Change, string Text);

/// <summary>Where a line is.</summary>
public enum LineChange
{
    /// <summary>In both texts.</summary>
    Same,

    /// <summary>In the older one alone.</summary>
    Removed,

    /// <summary>In the newer one alone.</summary>
    Added,
}

/// <summary>What has changed between two texts, line by line.</summary>
public static class LineDiff
{
    // The table below has a cell for each pair of lines.
    private const int MaxCells = 4_000_000;

    /// <summary>Compares two texts: the longest sequence of lines that both have stays (Hunt and McIlroy, 1976).</summary>
    public static IReadOnlyList<DiffLine> Of(string before, string after)
    {
        var (old, @new) = (before.Split('\n'), after.Split('\n'));
        var start = 0;
        while (start < old.Length && start < @new.Length && old[start] == @new[start])
        {
            start++;
        }

        var end = 0;
        while (end < old.Length - start && end < @new.Length - start && old[^(end + 1)] == @new[^(end + 1)])
        {
            end++;
        }

        return
        [
            .. old[..start].Select(line => new DiffLine(LineChange.Same, line)),
            .. Between(old[start..(old.Length - end)], @new[start..(@new.Length - end)]),
            .. old[(old.Length - end)..].Select(line => new DiffLine(LineChange.Same, line)),
        ];
    }

    private static IEnumerable<DiffLine> Between(string[] old, string[] @new)
    {
        if ((long)old.Length * @new.Length > MaxCells)
        {
            return [.. old.Select(line => new DiffLine(LineChange.Removed, line)), .. @new.Select(line => new DiffLine(LineChange.Added, line))];
        }

        // The longest common sequence of what is left of each.
        var longest = new int[old.Length + 1, @new.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = @new.Length - 1; j >= 0; j--)
            {
                longest[i, j] = old[i] == @new[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        return Walk(old, @new, longest);
    }

    private static List<DiffLine> Walk(string[] old, string[] @new, int[,] longest)
    {
        var lines = new List<DiffLine>();
        var (i, j) = (0, 0);
        while (i < old.Length || j < @new.Length)
        {
            lines.Add(
                i < old.Length && j < @new.Length && old[i] == @new[j] ? new DiffLine(LineChange.Same, old[i++])
                : i < old.Length && (j == @new.Length || longest[i + 1, j] >= longest[i, j + 1]) ? new DiffLine(LineChange.Removed, old[i++])
                : new DiffLine(LineChange.Added, @new[j++]));
            if (lines[^1].Change == LineChange.Same)
            {
                j++;
            }
        }

        return lines;
    }
}
