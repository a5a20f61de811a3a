using System.Buffers;

namespace Calango.Web.Markdown.Rendering;

/// <summary>
/// Where a link or an image of an answer may lead. The text comes from a model, and through it from any page it has read:
/// a link may not run script or reach into this site, and an image may not tell a stranger that the answer is being read.
/// </summary>
internal static class Target
{
    private static readonly string[] LinkSchemes = ["https://", "http://", "mailto:"];

    private static readonly SearchValues<char> FileCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./");

    public static bool IsLink(string? url) => url is not null && Array.Exists(LinkSchemes, scheme => HasScheme(url, scheme));

    /// <summary>An image of ours: a plain path below /files/, with nothing that a browser would resolve to another place.</summary>
    public static bool IsOwnFile(string? url) =>
        url is not null && url.StartsWith("/files/", StringComparison.Ordinal) && !url.AsSpan().ContainsAnyExcept(FileCharacters)
        && !url.Contains("..", StringComparison.Ordinal) && !url.Contains("//", StringComparison.Ordinal);

    /// <summary>The host of a web address, or null.</summary>
    public static string? Host(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.IdnHost.Length > 0 ? uri.IdnHost : null;

    private static bool HasScheme(string url, string scheme) =>
        url.Length > scheme.Length && url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);
}
