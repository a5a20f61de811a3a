using AngleSharp.Dom;

namespace Calango.Extraction;

/// <summary>Where on a page its text is.</summary>
internal static class MainPart
{
    private static readonly HashSet<string> Around = new(StringComparer.OrdinalIgnoreCase)
    {
        "SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "NAV", "FOOTER", "ASIDE", "BUTTON", "SELECT", "TEXTAREA", "INPUT", "SVG", "IFRAME", "OBJECT", "EMBED", "CANVAS", "AUDIO", "VIDEO", "DIALOG",
    };

    /// <summary>The element that the page calls its main one; or its only article; or all.</summary>
    public static IElement Of(IElement body) =>
        body.QuerySelector("main, [role=main]") is { } main ? main
        : body.QuerySelectorAll("article") is { Length: 1 } articles ? articles[0]
        : body;

    /// <summary>Whether it is a menu, a script or the like, and no text of the page.</summary>
    public static bool IsAround(IElement element) =>
        Around.Contains(element.NodeName) || element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") == "true"
        || element.GetAttribute("role") is "navigation" or "banner" or "contentinfo" or "search";
}
