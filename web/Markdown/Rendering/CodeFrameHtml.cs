using System.Text;

namespace Calango.Web.Markdown.Rendering;

/// <summary>The frame of a code block: its language, its buttons, and the element that holds the code.</summary>
internal sealed class CodeFrameHtml(MarkdownLabels labels)
{
    public const string InnerEnd = "</code></pre></figure>";
    public const string End = InnerEnd + "</div>\n";

    /// <summary>
    /// How many blocks of an answer, and how many pieces of code inside one of them, get a bar with buttons. A bar is
    /// seventy times as long as the shortest code: without a limit a megabyte of bare fences is a page of 70 MB.
    /// </summary>
    private const int MostBlocks = 1000, MostInside = 8;

    private const int LongestLanguage = 40;

    private readonly string buttons =
        Button("copy", labels.Copy, $" data-done=\"{Html.Escape(labels.Copied)}\"") + Button("wrap", labels.Wrap, " aria-pressed=\"false\"");

    private readonly string diagramLabels =
        $" data-show-source=\"{Html.Escape(labels.ShowSource)}\" data-show-diagram=\"{Html.Escape(labels.ShowDiagram)}\"";

    /// <summary>The start of a top-level block, with ids that its lines are appended by.</summary>
    public string Begin(Piece.CodeFrame code, string idPrefix) =>
        $"<div class=\"block\" id=\"{Ids.Block(idPrefix, code.Block)}\">" + Begin(code.Info, $" id=\"{Ids.Code(idPrefix, code.Block)}\"", BarsInside(code.Block) > 0);

    /// <summary>How many bars the code inside a block may have.</summary>
    public static int BarsInside(int block) => block < MostBlocks ? MostInside : 0;

    /// <summary>The start of a code block inside another block.</summary>
    public string Begin(string info, bool bar) => Begin(info, "", bar);

    private string Begin(string info, string id, bool bar)
    {
        var name = info.Split([' ', '\t', '{', ','], 2)[0];
        var language = Language(name);
        var languageClass = language.Length > 0 ? $" class=\"language-{language}\"" : "";
        return (bar ? FigureWithBar(name, isDiagram: language == "mermaid") : "<figure class=\"code\">")
            + $"<pre class=\"code__body\" tabindex=\"0\"><code{languageClass}{id}>";
    }

    private string FigureWithBar(string name, bool isDiagram) =>
        $"<figure class=\"code\"{(isDiagram ? " data-diagram" + diagramLabels : "")}><figcaption class=\"code__bar\">"
        + $"<span class=\"code__language\">{Html.Escape(name.Length is > 0 and <= LongestLanguage ? name : labels.Code)}</span>{buttons}</figcaption>";

    /// <summary>The language as a class: lower case, and only characters that names of languages have.</summary>
    private static string Language(string name)
    {
        if (name.Length > LongestLanguage) return "";
        var language = new StringBuilder(name.Length);
        foreach (var character in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(character) || character is '+' or '#' or '-' or '_' or '.') language.Append(character);
        }

        return language.ToString();
    }

    private static string Button(string action, string label, string more) =>
        $"<button type=\"button\" class=\"code__button code__button--{action}\" data-code-action=\"{action}\" aria-label=\"{Html.Escape(label)}\" title=\"{Html.Escape(label)}\"{more}></button>";
}
