using System.Text.Json;

namespace Calango.Core.Exchange;

/// <summary>The items of a file of JSON, one after another: those of its array, or the one object that it is. Only one of them is ever in memory.</summary>
internal sealed class JsonItems(Stream file, ByteBudget budget)
{
    /// <summary>The most bytes that an item may have.</summary>
    public const int LargestItem = 128 * 1024 * 1024;

    // Somebody's tree of messages goes two levels down with each.
    private const int Deepest = 10_000;
    private const int SmallestBuffer = 64 * 1024;

    private byte[] _buffer = new byte[SmallestBuffer];
    private int _start, _end;
    private bool _isAtEnd, _isInArray, _isDone, _hasBegun;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = Deepest });

    /// <summary>The next item, which the caller disposes; null: there are no more.</summary>
    /// <exception cref="JsonException">From here on it is no JSON.</exception>
    /// <exception cref="ImportLimitException">It is too large.</exception>
    public async Task<JsonDocument?> NextAsync(CancellationToken cancellationToken)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            await FillAsync(cancellationToken);
            // A mark of its encoding.
            _start = _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8) ? 3 : 0;
        }

        JsonDocument? item;
        while (!TryNext(out item))
        {
            await FillAsync(cancellationToken);
        }

        return item;
    }

    // False: it takes more bytes to say.
    private bool TryNext(out JsonDocument? item)
    {
        item = null;
        if (_isDone)
        {
            return true;
        }

        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAtEnd, _state);
        if (!reader.Read())
        {
            return _isAtEnd ? throw new JsonException("It ends too early.") : false;
        }

        if (!_isInArray && reader.TokenType == JsonTokenType.StartArray)
        {
            _isInArray = true;
            Pass(reader);
            return TryNext(out item);
        }

        if (_isInArray && reader.TokenType == JsonTokenType.EndArray)
        {
            _isDone = true;
            return true;
        }

        if (!JsonDocument.TryParseValue(ref reader, out item))
        {
            return false;
        }

        Pass(reader);
        _isDone = !_isInArray;
        return true;
    }

    private void Pass(Utf8JsonReader reader)
    {
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LargestItem)
            {
                throw new ImportLimitException("itemTooLarge");
            }

            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, LargestItem));
        }

        var count = await file.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        budget.Take(count);
        (_end, _isAtEnd) = (_end + count, count == 0);
    }
}

/// <summary>How many bytes may still be unpacked: what is small in an archive may be large outside of it.</summary>
internal sealed class ByteBudget(long most)
{
    private long _left = most;

    /// <summary>Some were.</summary>
    /// <exception cref="ImportLimitException">They were too many.</exception>
    public void Take(int count)
    {
        _left -= count;
        if (_left < 0)
        {
            throw new ImportLimitException("unpacksTooLarge");
        }
    }
}

/// <summary>A file is too large for being taken in.</summary>
internal sealed class ImportLimitException(string code) : Exception(code)
{
    /// <summary>What is too large about it.</summary>
    public string Code { get; } = code;
}
