using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Calango.Web.TagHelpers;

/// <summary>
/// <c>&lt;button do-post="/turns/1/stop"&gt;</c> (also do-put, do-delete): a button that changes something, with htmx and
/// without. It submits the page's one hidden form, which carries the antiforgery token.
/// </summary>
[HtmlTargetElement("button", Attributes = PostName)]
[HtmlTargetElement("button", Attributes = PutName)]
[HtmlTargetElement("button", Attributes = DeleteName)]
public sealed class ActionTagHelper : TagHelper
{
    private const string PostName = "do-post", PutName = "do-put", DeleteName = "do-delete";

    /// <summary>The address that gets a POST.</summary>
    [HtmlAttributeName(PostName)]
    public string? Post { get; set; }

    /// <summary>The address that gets a PUT.</summary>
    [HtmlAttributeName(PutName)]
    public string? Put { get; set; }

    /// <summary>The address that gets a DELETE.</summary>
    [HtmlAttributeName(DeleteName)]
    public string? Delete { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var (verb, url) = this switch
        {
            { Put: { } put } => ("put", put),
            { Delete: { } delete } => ("delete", delete),
            _ => ("post", Post ?? throw new InvalidOperationException("The button has no address.")),
        };
        output.Attributes.SetAttribute("type", "submit");
        output.Attributes.SetAttribute("form", "actions");
        output.Attributes.SetAttribute("formaction", url);
        output.Attributes.SetAttribute($"hx-{verb}", url);
        if (verb != "post")
        {
            // What a plain form cannot say is said in a field; HttpMethodOverride reads it.
            output.Attributes.SetAttribute("name", "_method");
            output.Attributes.SetAttribute("value", verb.ToUpperInvariant());
        }
    }
}
