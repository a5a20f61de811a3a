using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests;

/// <summary>Somebody who looks at a page until it is whole.</summary>
internal static class Reading
{
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
