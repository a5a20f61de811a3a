using System.Diagnostics;

namespace Calango.Bench;

/// <summary>
/// Finds the time stamps that the scripted model puts among its words (<c>~microseconds</c> of the monotonic clock) in
/// the raw bytes of any answer, however it is framed. A server that sends a block again sends old stamps again: only a
/// later one than the last counts.
/// </summary>
internal sealed class Stamps
{
    private readonly long _askedAt = Now;
    private long _last;
    private long _digits;
    private int _length = -1;

    /// <summary>Milliseconds from the question to the first token; null: none came.</summary>
    public double? FirstToken { get; private set; }

    /// <summary>Milliseconds from the model's write to our read, for each stamp.</summary>
    public List<double> Latencies { get; } = [];

    public void Read(ReadOnlyMemory<byte> data)
    {
        var now = Now;
        foreach (var value in data.Span)
        {
            if (value == '~')
            {
                (_digits, _length) = (0, 0);
            }
            else if (_length >= 0 && char.IsAsciiDigit((char)value))
            {
                (_digits, _length) = ((_digits * 10) + value - '0', _length + 1);
            }
            else if (_length >= 0)
            {
                Take(now);
            }
        }
    }

    private void Take(long now)
    {
        if (_length > 6 && _digits > _last && _digits >= _askedAt)
        {
            _last = _digits;
            FirstToken ??= (now - _askedAt) / 1000.0;
            Latencies.Add((now - _digits) / 1000.0);
        }

        _length = -1;
    }

    private static long Now => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
}
