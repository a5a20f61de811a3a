using System.Text;

namespace Calango.Plugins.LocalModels.Worker.Llama;

// Turns pieces into text that may be shown: whole characters only, no leading white space, nothing of a stop text.
internal sealed class AnswerText(IReadOnlyList<string> stops)
{
    // Bytes that are no UTF-8 are dropped: the model made them up.
    private readonly Decoder _decoder = Encoding.GetEncoding(
        "utf-8", EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("")).GetDecoder();

    private string _held = "";
    private bool _started;

    public bool Stopped { get; private set; }

    // What the piece adds; "" while a character or a possible stop text is incomplete.
    public string Add(ReadOnlySpan<byte> piece)
    {
        Span<char> chars = new char[piece.Length + 4];
        _held += chars[.._decoder.GetChars(piece, chars, flush: false)].ToString();
        if (!_started)
        {
            _held = _held.TrimStart();
            _started = _held.Length > 0;
        }

        var stop = stops.Select(text => _held.IndexOf(text, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        if (stop >= 0)
        {
            Stopped = true;
            return Release(stop, keep: false);
        }

        return Release(_held.Length - LongestBeginningOfAStop(), keep: true);
    }

    // What was held back, once no more comes.
    public string Rest() => Stopped ? "" : Release(_held.Length, keep: false);

    private int LongestBeginningOfAStop()
    {
        for (var length = Math.Min(_held.Length, stops.Select(stop => stop.Length).DefaultIfEmpty().Max()); length > 0; length--)
        {
            var tail = _held[^length..];
            if (stops.Any(stop => stop.StartsWith(tail, StringComparison.Ordinal)))
            {
                return length;
            }
        }

        return 0;
    }

    private string Release(int length, bool keep)
    {
        // A surrogate pair goes out whole.
        if (keep && length > 0 && char.IsHighSurrogate(_held[length - 1]))
        {
            length--;
        }

        var text = _held[..length];
        _held = keep ? _held[length..] : "";
        return text;
    }
}
