using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Sharing;

/// <summary>Somebody who shows chats to others.</summary>
internal static class SharedLinks
{
    /// <summary>Makes a link to a chat as a form does, and returns its path.</summary>
    public static async Task<string> ShareAsync(this Visitor visitor, string chat, bool isLive, CancellationToken cancellationToken, params (string Name, string Value)[] more)
    {
        await visitor.GetAsync($"{chat}/shares", cancellationToken);
        var page = await visitor.PostAsync($"{chat}/shares", cancellationToken, [("IsLive", isLive ? "true" : "false"), .. more.Any(field => field.Name == "For") ? more : [("For", "Forever"), .. more]]);
        return page.LinksOf()[0];
    }

    /// <summary>The paths of the links that a page lists.</summary>
    public static List<string> LinksOf(this IHtmlDocument page) => [.. page.QuerySelectorAll("#shares input").Select(link => new Uri(link.GetAttribute("value")!).PathAndQuery)];

    /// <summary>The texts that a page of a shared chat shows, in order.</summary>
    public static List<string> TextsOf(this IHtmlDocument page) => [.. page.QuerySelectorAll(".message__bubble, .answer").Select(text => text.TextContent.Trim())];
}
