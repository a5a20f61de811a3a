using System.Buffers;
using System.Net;
using System.Text;

namespace Calango.Core.Search;

/// <summary>
/// One paragraph, heading, item or row without its inline signs. A sign that Markdown would show stays: half a pair of
/// asterisks, an underscore inside a name, a tag that HTML doesn't know.
/// </summary>
internal ref struct PlainInline(string text, bool isTableRow)
{
    private const char Removed = '\0';
    private const int MaxCodeSigns = 64;
    private const int MaxEntity = 32;

    private static readonly SearchValues<char> Signs = SearchValues.Create("\\`*_~[]<&|\0");

    private readonly ReadOnlySpan<char> _text = text;
    private readonly char[] _plain = new char[text.Length];
    private readonly Stack<int> _brackets = [];
    private readonly Stack<Run> _asterisks = [];
    private readonly Stack<Run> _underscores = [];
    private readonly Stack<Run> _tildes = [];
    private ulong _codeWithoutEnd;
    private bool _isCommentWithoutEnd;
    private int _at;
    private int _length;

    /// <summary>Writes it.</summary>
    public void AppendTo(StringBuilder plain)
    {
        while (_at < _text.Length)
        {
            var next = _text[_at..].IndexOfAny(Signs);
            Copy(next < 0 ? _text.Length - _at : next);
            if (_at < _text.Length && !TakeSign())
            {
                Copy(1);
            }
        }

        foreach (var character in _plain.AsSpan(0, _length))
        {
            if (character != Removed)
            {
                plain.Append(character);
            }
        }
    }

    private bool TakeSign() => _text[_at] switch
    {
        '\\' => TakeEscape(),
        '`' => TakeCode(),
        '*' => TakeRun(_asterisks),
        '_' => TakeRun(_underscores),
        '~' => TakeRun(_tildes),
        '[' => TakeBracket(),
        ']' => TakeLink(),
        '<' => TakeTag(),
        '&' => TakeEntity(),
        '|' => isTableRow && Skip(1, ' '),
        _ => Skip(1, ' '),
    };

    private void Copy(int count)
    {
        _text.Slice(_at, count).CopyTo(_plain.AsSpan(_length));
        _at += count;
        _length += count;
    }

    private bool Skip(int count, char instead = Removed)
    {
        _at += count;
        if (instead != Removed)
        {
            _plain[_length++] = instead;
        }

        return true;
    }

    private bool TakeEscape()
    {
        if (_at + 1 < _text.Length && char.IsAscii(_text[_at + 1]) && (char.IsPunctuation(_text[_at + 1]) || char.IsSymbol(_text[_at + 1])))
        {
            _at++;
            Copy(1);
            return true;
        }

        return false;
    }

    // A length whose end was looked for in vain is not looked for again: else a text of such beginnings costs the square of its length.
    private bool TakeCode()
    {
        var signs = RunLength();
        if (signs < MaxCodeSigns && (_codeWithoutEnd & (1UL << signs)) == 0)
        {
            for (var end = _at + signs; end < _text.Length;)
            {
                var next = _text[end..].IndexOf('`');
                if (next < 0)
                {
                    break;
                }

                end += next;
                var closing = RunLength(end);
                if (closing == signs)
                {
                    _at += signs;
                    CopyCode(end - _at);
                    _at += signs;
                    return true;
                }

                end += closing;
            }

            _codeWithoutEnd |= 1UL << signs;
        }

        Copy(signs);
        return true;
    }

    private void CopyCode(int count)
    {
        var from = _length;
        Copy(count);
        _plain.AsSpan(from, count).Replace(Removed, ' ');
    }

    // CommonMark 0.31.2, section 6.2, without its rule of three.
    private bool TakeRun(Stack<Run> open)
    {
        var sign = _text[_at];
        var length = RunLength();
        var (before, after) = (_at == 0 ? ' ' : _text[_at - 1], _at + length == _text.Length ? ' ' : _text[_at + length]);
        var from = _length;
        Copy(length);
        if (sign == '~' && length != 2)
        {
            return true;
        }

        var canOpen = !char.IsWhiteSpace(after) && (!IsPunctuation(after) || char.IsWhiteSpace(before) || IsPunctuation(before));
        var canClose = !char.IsWhiteSpace(before) && (!IsPunctuation(before) || char.IsWhiteSpace(after) || IsPunctuation(after));
        if (sign == '_')
        {
            (canOpen, canClose) = (canOpen && (!canClose || IsPunctuation(before)), canClose && (!canOpen || IsPunctuation(after)));
        }

        while (canClose && length > 0 && open.TryPop(out var opening))
        {
            var pairs = Math.Min(length, opening.Length);
            _plain.AsSpan(opening.At + opening.Length - pairs, pairs).Fill(Removed);
            _plain.AsSpan(from, pairs).Fill(Removed);
            (from, length) = (from + pairs, length - pairs);
            if (opening.Length > pairs)
            {
                open.Push(opening with { Length = opening.Length - pairs });
            }
        }

        if (canOpen && length > 0)
        {
            open.Push(new Run(from, length));
        }

        return true;
    }

    private bool TakeBracket()
    {
        _brackets.Push(_length);
        return false;
    }

    private bool TakeLink()
    {
        if (!_brackets.TryPop(out var opening) || LinkTarget.LengthOf(_text[(_at + 1)..]) is not (> 0 and var target))
        {
            return false;
        }

        _plain[opening] = Removed;
        if (opening > 0 && _plain[opening - 1] == '!')
        {
            _plain[opening - 1] = Removed;
        }

        return Skip(1 + target);
    }

    private bool TakeTag()
    {
        if (_text[_at..].StartsWith("<!--"))
        {
            return TakeComment();
        }

        var inside = _text[(_at + 1)..];
        var end = inside.IndexOfAny('<', '>');
        if (end < 1 || inside[end] != '>')
        {
            return false;
        }

        inside = inside[..end];
        if (IsAddress(inside))
        {
            _at++;
            Copy(end);
            return Skip(1);
        }

        return HtmlTag.IsOne(inside, out var partsWords) && Skip(end + 2, partsWords ? ' ' : Removed);
    }

    private bool TakeComment()
    {
        var end = _isCommentWithoutEnd ? -1 : _text[_at..].IndexOf("-->");
        _isCommentWithoutEnd = end < 0;
        return end > 0 && Skip(end + 3, ' ');
    }

    private static bool IsAddress(ReadOnlySpan<char> text) =>
        (text.StartsWith("http://") || text.StartsWith("https://") || text.StartsWith("mailto:")) && !text.ContainsAny(" \t\n");

    private bool TakeEntity()
    {
        var end = _text[_at..Math.Min(_text.Length, _at + MaxEntity)].IndexOf(';');
        if (end < 2)
        {
            return false;
        }

        var decoded = WebUtility.HtmlDecode(_text.Slice(_at, end + 1).ToString());
        if (decoded.Length > 2)
        {
            return false;
        }

        _at += end + 1;
        foreach (var character in decoded)
        {
            _plain[_length++] = char.IsControl(character) ? ' ' : character;
        }

        return true;
    }

    private readonly int RunLength() => RunLength(_at);

    private readonly int RunLength(int at) => _text[at..].IndexOfAnyExcept(_text[at]) is >= 0 and var length ? length : _text.Length - at;

    private static bool IsPunctuation(char character) => char.IsPunctuation(character) || char.IsSymbol(character);

    private readonly record struct Run(int At, int Length);
}
