namespace Calango.Core.Search;

/// <summary>Where a link of Markdown leads: from ( to ), an address without spaces, and perhaps a title in quotation marks.</summary>
internal static class LinkTarget
{
    // What keeps a text of such beginnings from costing the square of its length.
    private const int MaxLength = 500;
    private const int MaxDepth = 32;

    /// <summary>How long it is at the start of a text; 0: there is none.</summary>
    public static int LengthOf(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '(')
        {
            return 0;
        }

        var depth = 0;
        var quote = '\0';
        for (var i = 0; i < Math.Min(text.Length, MaxLength); i++)
        {
            var character = text[i];
            if (quote != '\0')
            {
                quote = character == quote ? '\0' : quote;
            }
            else if (character is '"' or '\'' && char.IsWhiteSpace(text[i - 1]))
            {
                quote = character;
            }
            else if (char.IsWhiteSpace(character) && (i + 1 == text.Length || text[i + 1] is not ('"' or '\'')))
            {
                return 0;
            }
            else if (character == '(' && ++depth > MaxDepth)
            {
                return 0;
            }
            else if (character == ')' && --depth == 0)
            {
                return i + 1;
            }
        }

        return 0;
    }
}
