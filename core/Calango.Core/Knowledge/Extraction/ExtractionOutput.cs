using System.Text.Json;

namespace Calango.Core.Knowledge;

/// <summary>What the reading program says, line by line, no more than it may and no slower. It is believed in nothing: a document may have taken it over.</summary>
internal sealed class ExtractionOutput(Stream output, ExtractionLimits limits, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _silence = new(limits.Silence, clock);
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private long _total;

    /// <returns>Null: it says no more.</returns>
    public async Task<ExtractionLine?> ReadAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + length);
                _start += line.Length + 1;
                return Parse(line.Span);
            }

            searched = _end - _start;
            if (!await FillAsync(cancellationToken))
            {
                return null;
            }
        }
    }

    public void Dispose() => _silence.Dispose();

    private static ExtractionLine? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ExtractionJson.Plain.ExtractionLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = await ReadSomeAsync(cancellationToken);
        _total += count;
        _end += count;
        return _total <= limits.OutputBytes ? count > 0 : throw new ExtractionException("tooMuchText");
    }

    private async Task<int> ReadSomeAsync(CancellationToken cancellationToken)
    {
        _silence.CancelAfter(limits.Silence);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silence.Token);
        try
        {
            // A pipe's read may not heed a token; the one that is left here ends with the process.
            return await output.ReadAsync(_buffer.AsMemory(_end), CancellationToken.None).AsTask().WaitAsync(either.Token);
        }
        catch (IOException)
        {
            return 0;
        }
        catch (OperationCanceledException) when (_silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ExtractionException("tookTooLong");
        }
    }
}
