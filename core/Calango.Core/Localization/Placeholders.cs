using System.Text;

namespace Calango.Core.Localization;

/// <summary>Fills the <c>{name}</c> placeholders of a sentence, in one pass: what a value contains is never filled again.</summary>
internal static class Placeholders
{
    public static string Fill(string text, (string Name, string Value)[] arguments)
    {
        var result = new StringBuilder(text.Length + 32);
        var rest = text.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open && rest[open..].IndexOf('}') is > 0 and var length)
        {
            var name = rest.Slice(open + 1, length - 1);
            result.Append(rest[..open]).Append(ValueOf(name, arguments) ?? $"{{{name}}}");
            rest = rest[(open + length + 1)..];
        }

        return result.Append(rest).ToString();
    }

    private static string? ValueOf(ReadOnlySpan<char> name, (string Name, string Value)[] arguments)
    {
        foreach (var argument in arguments)
        {
            if (name.SequenceEqual(argument.Name))
            {
                return argument.Value;
            }
        }

        return null;
    }
}
