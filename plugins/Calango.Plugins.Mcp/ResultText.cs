using System.Globalization;
using ModelContextProtocol.Protocol;

namespace Calango.Plugins.Mcp;

/// <summary>What a tool says, as text: what else it sends is named.</summary>
internal static class ResultText
{
    public static string Of(CallToolResult result)
    {
        var parts = result.Content.Select(TextOf).Where(text => text.Length > 0).ToList();
        return parts.Count == 0 && result.StructuredContent is { } structured ? structured.ToString() : string.Join("\n\n", parts);
    }

    private static string TextOf(ContentBlock block) => block switch
    {
        TextContentBlock text => text.Text,
        EmbeddedResourceBlock { Resource: TextResourceContents resource } => $"{resource.Uri}\n{resource.Text}",
        EmbeddedResourceBlock { Resource: { } resource } => $"[{resource.MimeType ?? "data"}: {resource.Uri}]",
        ResourceLinkBlock link => string.Create(CultureInfo.InvariantCulture, $"{link.Name}: {link.Uri}"),
        ImageContentBlock image => $"[{image.MimeType}]",
        AudioContentBlock audio => $"[{audio.MimeType}]",
        _ => $"[{block.Type}]",
    };
}
