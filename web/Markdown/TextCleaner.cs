namespace Calango.Web.Markdown;

/// <summary>
/// Makes a stream of UTF-16 pieces safe to cut and render: line ends become \n, NUL and lone surrogates become U+FFFD,
/// and the first half of a pair waits for the second, so no delta border ever shows a broken character.
/// </summary>
internal struct TextCleaner
{
    private const char Replacement = '\uFFFD';
    private char highSurrogate;
    private bool afterCarriageReturn;

    /// <summary>Gives the next clean characters to <paramref name="accept"/>, a line end always as \n.</summary>
    public void Clean(ReadOnlySpan<char> text, Action<char> accept)
    {
        foreach (var character in text)
        {
            if (highSurrogate != 0)
            {
                accept(char.IsLowSurrogate(character) ? highSurrogate : Replacement);
                var wasPair = char.IsLowSurrogate(character);
                highSurrogate = '\0';
                if (wasPair)
                {
                    accept(character);
                    continue;
                }
            }

            var afterReturn = afterCarriageReturn;
            afterCarriageReturn = character == '\r';
            if (char.IsHighSurrogate(character)) highSurrogate = character;
            else if (character == '\r') accept('\n');
            else if (character == '\n' && afterReturn) continue;
            else accept(character is '\0' || char.IsLowSurrogate(character) ? Replacement : character);
        }
    }
}
