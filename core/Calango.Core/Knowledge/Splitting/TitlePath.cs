namespace Calango.Core.Knowledge;

/// <summary>The titles above a passage as they are embedded with it, in no more than a third of the window.</summary>
/// <param name="Text">Empty: there are none.</param>
/// <param name="Tokens">Of the text.</param>
/// <param name="LeftOut">Titles that it has no room for, the outermost first.</param>
internal sealed record TitlePath(string Text, int Tokens, IReadOnlyList<string> LeftOut)
{
    public const string Between = " > ";

    /// <summary>The innermost ones that have room.</summary>
    public static async Task<TitlePath> OfAsync(IReadOnlyList<string> headings, int windowTokens, TokenCounter counter, CancellationToken cancellationToken)
    {
        for (var leftOut = 0; leftOut < headings.Count; leftOut++)
        {
            var text = string.Join(Between, headings.Skip(leftOut));
            var tokens = await counter.CountAsync(text, cancellationToken);
            if (tokens <= windowTokens / 3)
            {
                return new TitlePath(text, tokens, [.. headings.Take(leftOut)]);
            }
        }

        return new TitlePath("", 0, headings);
    }

    /// <summary>A text under them.</summary>
    public string Above(string text) => Text.Length == 0 ? text : $"{Text}\n{text}";
}
