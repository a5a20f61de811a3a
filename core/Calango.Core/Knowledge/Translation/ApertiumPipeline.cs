using System.Text;

namespace Calango.Core.Knowledge;

/// <summary>
/// How Debian's apertium is spoken to: programs in a row, as its mode files name them. Each text ends with a zero byte, upon which every
/// one of them hands on what it has (their option -z), so that they are started once for many texts.
/// </summary>
internal static class ApertiumPipeline
{
    // Without a text's end the last word of it would wait for more.
    private const string End = ".[][\n]";

    // What says something in apertium's stream format.
    private const string Special = "\\[]{}^$/@<>";

    /// <summary>A line for the shell.</summary>
    public static string Command(IEnumerable<string> modeFiles) => string.Join(" | ", modeFiles.SelectMany(file => File.ReadAllText(file).Split('|', StringSplitOptions.TrimEntries)).Select(Flushing));

    /// <summary>A text as the first program reads it.</summary>
    public static byte[] Written(string text)
    {
        var written = new StringBuilder(text.Length + End.Length);
        foreach (var letter in text.Where(letter => letter != '\0'))
        {
            written.Append(Special.Contains(letter, StringComparison.Ordinal) ? "\\" : "").Append(letter);
        }

        return Encoding.UTF8.GetBytes(written.Append(End).Append('\0').ToString());
    }

    /// <summary>A text as the last program wrote it, without its zero byte.</summary>
    public static string Read(ReadOnlySpan<byte> written)
    {
        var text = Encoding.UTF8.GetString(written);
        text = text.EndsWith(End, StringComparison.Ordinal) ? text[..^End.Length] : text;
        var read = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            i += text[i] == '\\' && i + 1 < text.Length ? 1 : 0;
            read.Append(text[i]);
        }

        return read.ToString();
    }

    // $1 says what becomes of unknown words (-n: they stay), $2 whether ambiguities are shown.
    private static string Flushing(string program)
    {
        var name = program.Split(' ', 2);
        return string.Join(' ', [name[0], "-z", .. name.Skip(1)]).Replace("$1", "-n", StringComparison.Ordinal).Replace("$2", "", StringComparison.Ordinal);
    }
}
