using System.Globalization;
using System.Text;
using Calango.Core.Models;

namespace Calango.Core.Chat;

/// <summary>The answer where no model is there to write one: what was found, quoted.</summary>
public static class QuotedAnswer
{
    /// <summary>Stands for a model in such a turn.</summary>
    public static readonly ModelRef Model = new(Guid.Empty, "quotations");

    // The best ones: a person reads them all.
    private const int Most = 3;
    private const int LongestText = 1_200;

    /// <summary>It, in Markdown. Its words are the documents' own; what is said about it, pages say.</summary>
    internal static string Of(IReadOnlyList<TurnSource> sources)
    {
        var text = new StringBuilder();
        foreach (var source in sources.Take(Most))
        {
            text.Append(text.Length > 0 ? "\n\n" : "").Append(CultureInfo.InvariantCulture, $"[{source.Number}] **{Plain(source.DocumentName)}**\n\n");
            var quoted = source.Text.Length > LongestText ? source.Text[..LongestText] + "…" : source.Text;
            text.AppendJoin('\n', quoted.Split('\n').Select(line => "> " + line));
        }

        return text.ToString();
    }

    private static string Plain(string name) => name.Replace("*", "\\*", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);
}
