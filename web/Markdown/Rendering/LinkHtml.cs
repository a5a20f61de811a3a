using System.Globalization;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax.Inlines;

namespace Calango.Web.Markdown.Rendering;

/// <summary>Links and images, by the rules of <see cref="Target"/>. What is refused shows its text.</summary>
internal sealed class LinkHtml(MarkdownLabels labels) : HtmlObjectRenderer<LinkInline>
{
    public const string OutsideAttributes = "\" rel=\"noopener noreferrer nofollow ugc\" target=\"_blank\">";

    protected override void Write(HtmlRenderer renderer, LinkInline link)
    {
        if (!renderer.EnableHtmlForInline) renderer.WriteChildren(link);
        else if (link.IsImage) WriteImage(renderer, link);
        else WriteLink(renderer, link);
    }

    private static void WriteLink(HtmlRenderer renderer, LinkInline link)
    {
        // A link may hold an autolink or an image that became one; HTML knows no link inside a link.
        if (!Target.IsLink(link.Url) || IsInsideLink(link))
        {
            renderer.WriteChildren(link);
            return;
        }

        renderer.Write("<a href=\"").WriteEscapeUrl(link.Url);
        if (!string.IsNullOrEmpty(link.Title)) renderer.Write("\" title=\"").WriteEscape(link.Title);
        renderer.Write(OutsideAttributes);
        renderer.WriteChildren(link);
        renderer.Write("</a>");
    }

    private void WriteImage(HtmlRenderer renderer, LinkInline image)
    {
        if (Target.IsOwnFile(image.Url)) WriteOwnImage(renderer, image);
        else if (Target.Host(image.Url) is { } host) WriteForeignImage(renderer, image, host);
        else renderer.WriteChildren(image);
    }

    private static void WriteOwnImage(HtmlRenderer renderer, LinkInline image)
    {
        renderer.Write("<img src=\"").WriteEscapeUrl(image.Url).Write("\" alt=\"");
        renderer.EnableHtmlForInline = false;
        renderer.WriteChildren(image);
        renderer.EnableHtmlForInline = true;
        if (!string.IsNullOrEmpty(image.Title)) renderer.Write("\" title=\"").WriteEscape(image.Title);
        renderer.Write("\" loading=\"lazy\" decoding=\"async\">");
    }

    private void WriteForeignImage(HtmlRenderer renderer, LinkInline image, string host)
    {
        var asLink = Target.IsLink(image.Url) && !IsInsideLink(image);
        if (asLink) renderer.Write("<a href=\"").WriteEscapeUrl(image.Url).Write(OutsideAttributes);
        renderer.EnableHtmlForInline = false;
        renderer.WriteChildren(image);
        renderer.EnableHtmlForInline = true;
        var place = string.Format(CultureInfo.InvariantCulture, labels.ImageAt, host);
        renderer.WriteEscape(image.FirstChild is null ? place : $" ({place})");
        if (asLink) renderer.Write("</a>");
    }

    private static bool IsInsideLink(Inline inline)
    {
        for (var parent = inline.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is LinkInline { IsImage: false }) return true;
        }

        return false;
    }
}
