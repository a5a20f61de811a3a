using Calango.Core.Chat;
using Calango.Web.Streams;

namespace Calango.Web.Pages.Chat;

/// <summary>A part of an answer: some text, and the call of a tool that follows it.</summary>
/// <param name="Text">Markdown; empty: none.</param>
/// <param name="IdPrefix">What the ids of its blocks begin with.</param>
/// <param name="Use">Null: this is the last part.</param>
public sealed record AnswerPart(string Text, string IdPrefix, ToolUse? Use)
{
    /// <summary>What the ids of the blocks begin with after so many calls.</summary>
    public static string Prefix(string idPrefix, int uses) => uses == 0 ? idPrefix : $"{idPrefix}-{uses}";

    /// <summary>An answer's parts, in order.</summary>
    public static IEnumerable<AnswerPart> Of(MessageView view)
    {
        var prefix = AnswerRenderers.IdPrefix(view.Message.Id);
        var (text, from, count) = (view.Message.Text, 0, 0);
        foreach (var use in view.Uses)
        {
            var to = Math.Clamp(use.Offset, from, text.Length);
            yield return new AnswerPart(text[from..to], Prefix(prefix, count++), use);
            from = to;
        }

        yield return new AnswerPart(text[from..], Prefix(prefix, count), null);
    }

    /// <summary>An answer as it is copied: its Markdown, with each call of a tool as a quotation.</summary>
    public static string Source(MessageView view)
    {
        if (view.Uses.Count == 0)
        {
            return view.Message.Text;
        }

        var parts = Of(view).SelectMany(part => new[] { part.Text.Trim(), part.Use is { } use ? Quoted(use) : "" });
        return string.Join("\n\n", parts.Where(part => part.Length > 0));
    }

    private static string Quoted(ToolUse use) =>
        $"> **{use.Title}** `{use.Arguments.Replace("`", "'", StringComparison.Ordinal)}`\n>\n> {use.Result.Replace("\n", "\n> ", StringComparison.Ordinal)}";
}
