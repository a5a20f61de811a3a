using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>A person who uses the plugin that misbehaves, and an administrator who looks at it.</summary>
internal static partial class Unruly
{
    /// <summary>Connects it. Returns its model, as the composer sends it.</summary>
    public static async Task<string> ConnectAsync(Visitor visitor, int betweenTokens = 60)
    {
        await visitor.PostAsync("/models/titles", TestContext.Current.CancellationToken, ("_method", "PUT"), ("Mode", "Off"));
        var page = await visitor.PostAsync(
            "/models/connections/new", TestContext.Current.CancellationToken,
            ("ProviderId", "unruly"), ("Name", "Unruly"), ("FirstTokenSeconds", "60"), ("BetweenTokensSeconds", $"{betweenTokens}"), ("WholeTurnSeconds", "600"));
        return ModelValue().Match(page.DocumentElement.OuterHtml).Value;
    }

    /// <summary>Sends a message in a new chat.</summary>
    public static Task<IHtmlDocument> AskAsync(Visitor visitor, string model, string text) => visitor.PostAsync(
        "/messages", TestContext.Current.CancellationToken, ("Text", text), ("ClientMessageId", $"{Guid.CreateVersion7()}"), ("Model", model));

    /// <summary>What is said of it among the plugins.</summary>
    public static async Task<string> CardAsync(Visitor visitor, string language)
    {
        visitor.Http.DefaultRequestHeaders.AcceptLanguage.Clear();
        visitor.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return (await visitor.GetAsync("/admin/plugins", TestContext.Current.CancellationToken)).QuerySelector("#plugin-unruly")!.TextContent;
    }

    [GeneratedRegex("[0-9a-f]{32}/unruly")]
    private static partial Regex ModelValue();
}
