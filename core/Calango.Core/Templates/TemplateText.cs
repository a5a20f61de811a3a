using System.Text.RegularExpressions;

namespace Calango.Core.Templates;

/// <summary>
/// The text of a template: <c>{name}</c> is a variable, <c>{{name}}</c> stands for <c>{name}</c> itself, and any other brace is only a
/// brace, so that code can be part of a text as it is.
/// </summary>
public static partial class TemplateText
{
    /// <summary>The variables, each once, as they come.</summary>
    public static IReadOnlyList<string> Names(string text) =>
        [.. Placeholder().Matches(text).Where(match => match.Groups["name"].Success).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal)];

    /// <summary>Puts values in. It goes through the text once: what stands in braces in a value stays as it is.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) => Placeholder().Replace(
        text, match => match.Groups["name"] is { Success: true } name ? values.GetValueOrDefault(name.Value, "") : $"{{{match.Groups["meant"].Value}}}");

    [GeneratedRegex(@"\{\{(?<meant>[\p{L}_][\p{L}\p{M}\p{N}_-]{0,39})\}\}?|\{(?<name>[\p{L}_][\p{L}\p{M}\p{N}_-]{0,39})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
