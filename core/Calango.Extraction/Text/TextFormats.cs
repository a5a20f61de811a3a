using System.Text;
using System.Text.RegularExpressions;

namespace Calango.Extraction;

/// <summary>The kinds of text.</summary>
internal static partial class TextFormats
{
    private static readonly HashSet<string> Code = new(StringComparer.OrdinalIgnoreCase)
    {
        ".bash", ".bat", ".c", ".cc", ".clj", ".cpp", ".cs", ".cshtml", ".css", ".cxx", ".dart", ".elm", ".erl", ".ex", ".exs", ".fs", ".go", ".gradle", ".groovy",
        ".h", ".hpp", ".hs", ".ini", ".java", ".jl", ".js", ".json", ".jsonl", ".jsx", ".kt", ".less", ".lua", ".m", ".mjs", ".ml", ".nim", ".php", ".pl", ".pm",
        ".proto", ".ps1", ".py", ".r", ".rb", ".rs", ".scala", ".scss", ".sh", ".sql", ".svelte", ".swift", ".tf", ".toml", ".ts", ".tsx", ".vb", ".vue", ".xml",
        ".xsd", ".xsl", ".yaml", ".yml", ".zig",
    };

    public static Action<string, DocumentWriter> ReaderOf(ReadOnlySpan<byte> head, string fileName)
    {
        var text = Beginning(head);
        var extension = Path.GetExtension(fileName);
        return Html().IsMatch(text) ? HtmlReader.Read
            : IsMail(text) ? MailReader.Read
            : Code.Contains(extension) || text.TrimStart().StartsWith("<?xml", StringComparison.Ordinal) ? TextReaders.ReadCode
            : extension.Equals(".md", StringComparison.OrdinalIgnoreCase) || extension.Equals(".markdown", StringComparison.OrdinalIgnoreCase) || Titles().Count(text) > 1 ? MarkdownReader.Read
            : CsvReader.DelimiterOf(text, fileName) is { } delimiter ? (path, document) => CsvReader.Read(path, delimiter, document)
            : TextReaders.ReadPlain;
    }

    public static bool IsMail(ReadOnlySpan<byte> head) => IsMail(Beginning(head));

    // The marks of UTF-8 read as Latin-1.
    private static string Beginning(ReadOnlySpan<byte> head) => (Bytes.Marked(head) ?? Encoding.Latin1).GetString(head).TrimStart('\uFEFF', '\u00EF', '\u00BB', '\u00BF');

    // The first lines are headers, and some of those that every mail has.
    private static bool IsMail(string text)
    {
        var headers = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd('\r')).TakeWhile(line => line.Length > 0))
        {
            if (line[0] is ' ' or '\t')
            {
                continue;
            }

            if (!Header().IsMatch(line))
            {
                return false;
            }

            headers.Add(line[..line.IndexOf(':')]);
        }

        return headers.Contains("From") && (headers.Contains("Date") || headers.Contains("Message-ID") || headers.Contains("MIME-Version") || headers.Contains("Received"));
    }

    [GeneratedRegex(@"^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>])", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Html();

    [GeneratedRegex(@"^[!-9;-~]+:", RegexOptions.NonBacktracking)]
    private static partial Regex Header();

    [GeneratedRegex(@"^#{1,6} \S", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Titles();
}
