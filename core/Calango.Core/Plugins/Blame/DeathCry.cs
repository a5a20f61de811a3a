using System.Text.RegularExpressions;

namespace Calango.Core.Plugins;

/// <summary>What the runtime said when it ended a process: why, and in which code. Read by the form that it has, and no word of it is kept.</summary>
/// <param name="How">Why; null: the runtime itself failed.</param>
/// <param name="Frames">Type and method, as far as they were named, the innermost first.</param>
internal sealed partial record DeathCry(ProcessEnd? How, IReadOnlyList<string> Frames)
{
    private const string Frame = "   at ";

    /// <summary>Reads the last one of a process; null: it was ended from without, or by what is nobody's doing.</summary>
    public static DeathCry? Find(string text)
    {
        if (Beginning().Matches(text).LastOrDefault() is not { } beginning)
        {
            return null;
        }

        var lines = text[beginning.Index..].Split('\n');
        return beginning.Groups[1].Value switch
        {
            // Whoever calls it has the first word, and that may look like frames.
            "Process terminated." => new DeathCry(ProcessEnd.FailFast, FramesOf(lines.SkipWhile(line => !line.StartsWith(Frame + "System.Environment.FailFast(", StringComparison.Ordinal)).TakeWhile(IsFrame))),
            "Stack overflow." => new DeathCry(ProcessEnd.StackOverflow, FramesOf(lines.Where(IsFrame))),
            "Out of memory." => new DeathCry(ProcessEnd.OutOfMemory, []),
            // Whose frames those are says nothing: damage shows where it meets somebody.
            _ => new DeathCry(null, []),
        };
    }

    private static bool IsFrame(string line) => line.StartsWith(Frame, StringComparison.Ordinal);

    private static IReadOnlyList<string> FramesOf(IEnumerable<string> lines) => [.. lines.Select(line => WithoutArguments(line[Frame.Length..].Split('(')[0]))];

    // Of generic types and methods: they stand in brackets, within which there may be more.
    private static string WithoutArguments(string name)
    {
        var depth = 0;
        return string.Concat(name.Where(letter =>
        {
            depth += letter == '[' ? 1 : 0;
            var isOutside = depth == 0;
            depth -= letter == ']' ? 1 : 0;
            return isOutside;
        }));
    }

    [GeneratedRegex(@"^(Process terminated\.|Stack overflow\.|Out of memory\.|Fatal error\.)", RegexOptions.Multiline)]
    private static partial Regex Beginning();
}
