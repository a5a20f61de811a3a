using System.Text;

namespace Calango.Extraction;

/// <summary>Text as it is stored and searched: no signs that nobody sees, one kind of line end.</summary>
internal static class Texts
{
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (letter == '\r')
            {
                clean.Append(index + 1 < text.Length && text[index + 1] == '\n' ? "" : "\n");
            }
            else if (char.IsHighSurrogate(letter) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                clean.Append(letter).Append(text[++index]);
            }
            else
            {
                Append(letter, clean);
            }
        }

        return clean.ToString();
    }

    /// <summary>The same with every run of white space as one space.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var letter in Clean(text))
        {
            if (!char.IsWhiteSpace(letter))
            {
                line.Append(letter);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd();
    }

    private static void Append(char letter, StringBuilder clean)
    {
        switch (letter)
        {
            case '\n' or '\t':
                clean.Append(letter);
                break;
            case '\f' or '\v' or '\u2028' or '\u2029':
                clean.Append('\n');
                break;
            case '\u00A0':
                clean.Append(' ');
                break;
            // Typesetters' joined letters, under which nobody searches.
            case >= '\uFB00' and <= '\uFB06':
                clean.Append(letter.ToString().Normalize(NormalizationForm.FormKC));
                break;
            // Soft hyphen, marks of byte order and of width: no text.
            case '\u00AD' or '\uFEFF' or '\u200B':
                break;
            default:
                if (!char.IsControl(letter))
                {
                    clean.Append(char.IsSurrogate(letter) ? '\uFFFD' : letter);
                }

                break;
        }
    }
}
