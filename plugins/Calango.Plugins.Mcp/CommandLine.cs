using System.Text;
using Calango.Sdk;

namespace Calango.Plugins.Mcp;

/// <summary>Takes a line apart into words as people write them. No shell ever sees it: a sign such as ; or $ is a sign.</summary>
internal static class CommandLine
{
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: a quote has no end.</exception>
    public static IReadOnlyList<string> Words(string? line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, isWord) = ('\0', false);
        foreach (var character in line ?? "")
        {
            if (quote != '\0' && character == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && character is '"' or '\'' && quote == '\0')
            {
                (quote, isWord) = (character, true);
            }
            else if (quote == '\0' && char.IsWhiteSpace(character))
            {
                Take();
            }
            else
            {
                word.Append(character);
                isWord = true;
            }
        }

        if (quote != '\0')
        {
            throw new ProviderException(ProviderErrorKind.InvalidSettings, "a quote has no end");
        }

        Take();
        return words;

        void Take()
        {
            if (isWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            isWord = false;
        }
    }

    /// <summary>Variables out of such words.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: one has no name.</exception>
    public static Dictionary<string, string> Variables(string? line)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in Words(line))
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                throw new ProviderException(ProviderErrorKind.InvalidSettings, "a variable is written NAME=value");
            }

            variables[word[..at]] = word[(at + 1)..];
        }

        return variables;
    }

    /// <summary>The file of a program.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: there is none of this name.</exception>
    public static string FileOf(string? command)
    {
        if (command is not { Length: > 0 })
        {
            throw new ProviderException(ProviderErrorKind.InvalidSettings, "command");
        }

        var places = Path.IsPathFullyQualified(command) ? [command]
            : command.Contains('/', StringComparison.Ordinal) ? []
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, command));
        return places.FirstOrDefault(File.Exists) ?? throw new ProviderException(ProviderErrorKind.InvalidSettings, $"there is no program {command}");
    }
}
