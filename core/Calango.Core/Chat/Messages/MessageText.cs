using System.Globalization;
using System.Text;
using Calango.Core.Errors;

namespace Calango.Core.Chat;

/// <summary>What may become a message.</summary>
internal static class MessageText
{
    /// <summary>The text as it is stored: line ends are \n, and what databases and models can't take is gone.</summary>
    /// <exception cref="RejectedException">It is empty and may not be, or too long.</exception>
    public static string Accept(string? text, bool mayBeEmpty = false)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return mayBeEmpty ? "" : throw new RejectedException("message.empty");
        }

        if (text.Length > Message.MaxLength)
        {
            throw new RejectedException("message.tooLong", ("limit", Message.MaxLength.ToString("N0", CultureInfo.InvariantCulture)));
        }

        return Clean(text);
    }

    /// <summary>Removes NUL, which PostgreSQL refuses, and replaces halves of surrogate pairs, which no UTF-8 can hold.</summary>
    public static string Clean(string text)
    {
        text = text.ReplaceLineEndings("\n");
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            text = text.Replace("\0", "", StringComparison.Ordinal);
        }

        return HasLoneSurrogate(text) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
    }

    /// <summary>What a text begins with, in no more UTF-16 units than these; no character is cut in two.</summary>
    public static string Beginning(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }
}
