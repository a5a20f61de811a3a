using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// BERT's tokenizer as its authors published it: a text is cleaned and split into words, and each word into the longest pieces
// of the vocabulary. The names of special tokens in a text are words like others: no document can pretend to end.
internal sealed class WordPieceTokenizer
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _beginnings;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _continuations;
    private readonly BertWords _words;
    private readonly int _unknown;
    private readonly int _longestWord;
    private readonly int _longestPiece;

    private WordPieceTokenizer(JsonElement tokenizer)
    {
        var model = tokenizer.GetProperty("model");
        var prefix = model.TryGetProperty("continuing_subword_prefix", out var text) ? text.GetString()! : "##";
        var (beginnings, continuations) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var piece in model.GetProperty("vocab").EnumerateObject())
        {
            var continues = piece.Name.Length > prefix.Length && piece.Name.StartsWith(prefix, StringComparison.Ordinal);
            (continues ? continuations : beginnings)[continues ? piece.Name[prefix.Length..] : piece.Name] = piece.Value.GetInt32();
        }

        _beginnings = beginnings.GetAlternateLookup<ReadOnlySpan<char>>();
        _continuations = continuations.GetAlternateLookup<ReadOnlySpan<char>>();
        _longestPiece = beginnings.Keys.Concat(continuations.Keys).Max(piece => piece.Length);
        _longestWord = model.TryGetProperty("max_input_chars_per_word", out var most) ? most.GetInt32() : 100;
        _unknown = beginnings[model.TryGetProperty("unk_token", out var unknown) ? unknown.GetString()! : "[UNK]"];
        (Beginning, End) = (beginnings["[CLS]"], beginnings["[SEP]"]);
        _words = BertWords.From(tokenizer);
    }

    // What the model wants before and after each text.
    public int Beginning { get; }

    public int End { get; }

    public static WordPieceTokenizer Load(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var tokenizer = JsonDocument.Parse(file);
            var kind = tokenizer.RootElement.GetProperty("model").GetProperty("type").GetString();
            return kind == "WordPiece"
                ? new WordPieceTokenizer(tokenizer.RootElement)
                : throw new ProviderException(ProviderErrorKind.LocalModelUnavailable, $"Its tokenizer is of the kind {kind}; only WordPiece is known here.");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderErrorKind.LocalModelUnavailable, $"{Path.GetFileName(path)} cannot be read as a WordPiece tokenizer.");
        }
    }

    // The pieces of a text, without the marks before and after.
    public List<int> Encode(string text)
    {
        var pieces = new List<int>();
        foreach (var word in _words.Of(text))
        {
            Append(pieces, word);
        }

        return pieces;
    }

    public int Count(string text) => Encode(text).Count;

    private void Append(List<int> pieces, string word)
    {
        var before = pieces.Count;
        var rest = LengthOf(word) <= _longestWord ? word.AsSpan() : default;
        for (var vocabulary = _beginnings; rest.Length > 0; vocabulary = _continuations)
        {
            var length = Math.Min(rest.Length, _longestPiece);
            int id;
            while (!vocabulary.TryGetValue(rest[..length], out id) && --length > 0)
            {
            }

            if (length == 0)
            {
                pieces.RemoveRange(before, pieces.Count - before);
                break;
            }

            pieces.Add(id);
            rest = rest[length..];
        }

        if (pieces.Count == before)
        {
            pieces.Add(_unknown);
        }
    }

    // In characters, whichever take two units of UTF-16.
    private static int LengthOf(string word) => word.Length - word.Count(char.IsLowSurrogate);
}
