using Markdig.Syntax.Inlines;

namespace Calango.Web.Markdown.Rendering;

/// <summary>A formula inside a paragraph.</summary>
internal sealed class Tex(string formula, bool display) : LeafInline
{
    public string Formula => formula;

    public bool Display => display;
}
