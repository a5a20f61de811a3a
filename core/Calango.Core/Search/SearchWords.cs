using System.Globalization;
using System.Text;

namespace Calango.Core.Search;

/// <summary>
/// Reads the words of a text, one after another, in the form in which they are compared: lower case, without diacritics,
/// so that <c>Ação</c> is found by <c>acao</c>. The index, the query and the snippet all read with it: what one of them
/// takes for a word, the others do. Han and kana characters are a word each, since no spaces part them.
/// </summary>
internal ref struct SearchWords(ReadOnlySpan<char> text)
{
    /// <summary>Longer words are found by their first letters. Keeps a word far below the 2 KB that PostgreSQL takes.</summary>
    public const int MaxWordLength = 64;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly char[] _word = new char[MaxWordLength];
    private int _wordLength;

    /// <summary>Where the current word starts in the text.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends.</summary>
    public int End { get; private set; }

    /// <summary>The current word as it is compared; valid until the next one is read.</summary>
    public readonly ReadOnlySpan<char> Word => _word.AsSpan(0, _wordLength);

    /// <summary>Goes to the next word; false: there is none.</summary>
    public bool Read()
    {
        do
        {
            Start = End;
            while (Start < _text.Length && !StartsWord(Start))
            {
                Start++;
            }

            if (Start == _text.Length)
            {
                return false;
            }

            var isAscii = FindEnd();
            if (isAscii)
            {
                FoldAscii();
            }
            else
            {
                Fold();
            }
        }
        while (_wordLength == 0);

        return true;
    }

    private readonly bool StartsWord(int index)
    {
        var character = _text[index];
        return char.IsAscii(character)
            ? char.IsAsciiLetterOrDigit(character)
            : Rune.DecodeFromUtf16(_text[index..], out var rune, out _) == System.Buffers.OperationStatus.Done && Rune.IsLetterOrDigit(rune);
    }

    private bool FindEnd()
    {
        var isAscii = true;
        End = Start;
        while (End < _text.Length)
        {
            if (char.IsAscii(_text[End]))
            {
                if (!char.IsAsciiLetterOrDigit(_text[End]))
                {
                    break;
                }

                End++;
                continue;
            }

            if (Rune.DecodeFromUtf16(_text[End..], out var rune, out var length) != System.Buffers.OperationStatus.Done
                || !ContinuesWord(rune) || (IsWordAlone(rune) && End > Start))
            {
                break;
            }

            isAscii = false;
            End += length;
            if (IsWordAlone(rune))
            {
                break;
            }
        }

        return isAscii;
    }

    // Marks are dropped later, and so are the invisible characters of formatting, such as the soft hyphen.
    private static bool ContinuesWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    private static bool IsWordAlone(Rune rune) => rune.Value is (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    private void FoldAscii()
    {
        _wordLength = Math.Min(End - Start, MaxWordLength);
        System.Text.Ascii.ToLower(_text.Slice(Start, _wordLength), _word, out _);
    }

    private void Fold()
    {
        _wordLength = 0;
        foreach (var rune in _text[Start..End].ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (!Rune.IsLetterOrDigit(rune))
            {
                continue;
            }

            if (!Rune.ToLowerInvariant(rune).TryEncodeToUtf16(_word.AsSpan(_wordLength), out var written))
            {
                return;
            }

            _wordLength += written;
        }
    }
}
