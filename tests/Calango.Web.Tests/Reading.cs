using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests;

/// <summary>Somebody who looks at a page until it is whole.</summary>
internal static class Reading
{
    /// <summary>The page of an answer, whatever its status.</summary>
    public static async Task<IHtmlDocument> PageAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);

    /// <summary>The page once it shows so many complete answers.</summary>
    public static async Task<IHtmlDocument> WholeAsync(this Visitor visitor, string path, int answers, CancellationToken cancellationToken)
    {
        IHtmlDocument? page = null;
        await Eventually.HoldsAsync(
            $"{answers} answers are whole",
            async () => (page = await visitor.GetAsync(path, cancellationToken)).QuerySelectorAll("[data-state=Complete]").Length == answers,
            cancellationToken);
        return page!;
    }
}
