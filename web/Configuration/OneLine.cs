namespace Calango.Web.Configuration;

/// <summary>Makes what somebody wrote fit into a message of one line.</summary>
internal static class OneLine
{
    private const int Longest = 80;

    public static string Of(string text)
    {
        var line = string.Concat(text.Take(Longest).Select(letter => char.IsControl(letter) ? ' ' : letter));
        return text.Length > Longest ? line + "…" : line;
    }
}
