using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Calango.Web.TagHelpers;

/// <summary><c>&lt;icon name="send" /&gt;</c>: a drawing of the page's sprite. Decoration only: what it stands beside has the name.</summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper : TagHelper
{
    /// <summary>The end of the symbol's id in _Icons.cshtml.</summary>
    public string Name { get; set; } = "";

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "icon");
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Content.SetHtmlContent($"""<use href="#icon-{Name}"></use>""");
    }
}
