using System.IO.Compression;
using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Exchange;

/// <summary>Somebody who takes chats out of a server and brings them to one.</summary>
internal static class Exchanging
{
    /// <summary>Where samples of other programs' exports are; null: they are not here.</summary>
    public static string? Samples => Environment.GetEnvironmentVariable("CALANGO_TEST_DATA") is { } data && Directory.Exists(Path.Combine(data, "import")) ? Path.Combine(data, "import") : null;

    /// <summary>All chats, as they are given out.</summary>
    public static Task<byte[]> ExportAsync(this Visitor visitor, CancellationToken cancellationToken) => visitor.Http.GetByteArrayAsync("/exchange/export?format=json", cancellationToken);

    /// <summary>Brings a file, and looks until somebody has looked at it.</summary>
    public static async Task<IHtmlDocument> BringAsync(this Visitor visitor, string name, byte[] file, CancellationToken cancellationToken)
    {
        await visitor.GetAsync("/exchange", cancellationToken);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "File", name } };
        using var answer = await visitor.TryPostAsync("/exchange", form, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            return await Reading.PageAsync(answer, cancellationToken);
        }

        return await visitor.UntilAsync(answer.RequestMessage!.RequestUri!.AbsolutePath, "Looking", cancellationToken);
    }

    /// <inheritdoc cref="BringAsync(Visitor, string, byte[], CancellationToken)"/>
    public static Task<IHtmlDocument> BringAsync(this Visitor visitor, string name, string file, CancellationToken cancellationToken) => visitor.BringAsync(name, Encoding.UTF8.GetBytes(file), cancellationToken);

    /// <summary>Has the file taken in that was brought last, and looks until it is.</summary>
    public static async Task<IHtmlDocument> TakeInAsync(this Visitor visitor, CancellationToken cancellationToken)
    {
        var import = visitor.Path;
        await visitor.PostAsync(import, cancellationToken);
        return await visitor.UntilAsync(import, "Running", cancellationToken);
    }

    /// <summary>Brings a file and has it taken in.</summary>
    public static async Task<IHtmlDocument> ImportAsync(this Visitor visitor, string name, byte[] file, CancellationToken cancellationToken)
    {
        Assert.Equal("Ready", (await visitor.BringAsync(name, file, cancellationToken)).StateOf());
        return await visitor.TakeInAsync(cancellationToken);
    }

    /// <inheritdoc cref="ImportAsync(Visitor, string, byte[], CancellationToken)"/>
    public static Task<IHtmlDocument> ImportAsync(this Visitor visitor, string name, string file, CancellationToken cancellationToken) => visitor.ImportAsync(name, Encoding.UTF8.GetBytes(file), cancellationToken);

    /// <summary>Where an import is.</summary>
    public static string? StateOf(this IHtmlDocument page) => page.QuerySelector("#import")?.GetAttribute("data-state");

    /// <summary>How many chats of it have become this; null: none.</summary>
    public static string? CountOf(this IHtmlDocument page, string outcome) => page.QuerySelector($"[data-outcome={outcome}]")?.TextContent;

    /// <summary>Why something of it does not come along.</summary>
    public static IEnumerable<string?> LossesOf(this IHtmlDocument page) => page.QuerySelectorAll("[data-loss]").Select(loss => loss.GetAttribute("data-loss"));

    /// <summary>The addresses of somebody's chats, the last written in first.</summary>
    public static async Task<List<string>> ChatsAsync(this Visitor visitor, CancellationToken cancellationToken) =>
        [.. (await visitor.GetAsync("/conversations", cancellationToken)).QuerySelectorAll("main a[href^='/chat/']").Select(link => link.GetAttribute("href")!).Where(address => address.Count(letter => letter == '/') == 2).Distinct()];

    /// <summary>An archive of some files.</summary>
    public static byte[] Zip(params (string Name, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var file = new StreamWriter(zip.CreateEntry(name).Open());
                file.Write(text);
            }
        }

        return bytes.ToArray();
    }

    private static async Task<IHtmlDocument> UntilAsync(this Visitor visitor, string path, string passing, CancellationToken cancellationToken)
    {
        IHtmlDocument? page = null;
        await Eventually.HoldsAsync($"it is no more {passing}", async () => (page = await visitor.GetAsync(path, cancellationToken)).StateOf() != passing, cancellationToken);
        return page!;
    }
}
