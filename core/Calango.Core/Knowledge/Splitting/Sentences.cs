namespace Calango.Core.Knowledge;

/// <summary>Cuts text after each sentence. Put together again, the parts are the text.</summary>
internal static class Sentences
{
    private const string Enders = ".!?…";
    private const string WideEnders = "。！？";
    private const string Closers = "\"'”’»)]";

    public static IEnumerable<string> Of(string text)
    {
        var start = 0;
        for (var index = 0; index < text.Length; index++)
        {
            if (EndOf(text, index, start) is { } end)
            {
                yield return text[start..end];
                start = end;
                index = end - 1;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }

    // Where the next one begins.
    private static int? EndOf(string text, int index, int start)
    {
        if (WideEnders.Contains(text[index], StringComparison.Ordinal))
        {
            return SkipSpace(text, index + 1);
        }

        if (!Enders.Contains(text[index], StringComparison.Ordinal) || IsInitial(text, index, start))
        {
            return null;
        }

        var after = index + 1;
        while (after < text.Length && (Enders.Contains(text[after], StringComparison.Ordinal) || Closers.Contains(text[after], StringComparison.Ordinal)))
        {
            after++;
        }

        var next = SkipSpace(text, after);
        return next > after && (next == text.Length || !char.IsLower(text[next])) ? next : null;
    }

    // "J. Silva": a letter and a point are no sentence's end.
    private static bool IsInitial(string text, int index, int start) => text[index] == '.' && index > start && char.IsUpper(text[index - 1]) && (index - 1 == start || !char.IsLetterOrDigit(text[index - 2]));

    private static int SkipSpace(string text, int index)
    {
        while (index < text.Length && char.IsWhiteSpace(text[index]))
        {
            index++;
        }

        return index;
    }
}
