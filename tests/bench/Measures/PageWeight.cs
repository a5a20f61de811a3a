using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Calango.Bench;

/// <summary>What the chat page makes a browser load first: the page, and what it links, each compressed with gzip.</summary>
internal static partial class PageWeight
{
    public static async Task MeasureAsync(Machine machine, Report report)
    {
        await using var process = (await machine.StartCalangoAsync()).Process;
        var html = await process.Http.GetStringAsync("/");
        var links = Asset().Matches(html).Select(match => match.Groups["url"].Value).Where(url => url.StartsWith('/')).Distinct().ToList();
        double scripts = 0, styles = 0;
        foreach (var url in links)
        {
            var size = GzippedLength(await process.Http.GetByteArrayAsync(url)) / 1024.0;
            (scripts, styles) = url.Contains(".js", StringComparison.Ordinal) ? (scripts + size, styles)
                : url.Contains(".css", StringComparison.Ordinal) ? (scripts, styles + size) : (scripts, styles);
        }

        report.Limit("chat page: JavaScript, gzipped", "KB", scripts, 60);
        report.Limit("chat page: CSS, gzipped", "KB", styles, 25);
        report.Limit("chat page: requests", "", links.Count + 1, 12);
    }

    private static long GzippedLength(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return compressed.Length;
    }

    [GeneratedRegex("""<(?:script[^>]*? src|link[^>]*? href)="(?<url>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Asset();
}
