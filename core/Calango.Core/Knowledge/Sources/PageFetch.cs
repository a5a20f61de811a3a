using System.Globalization;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Knowledge;

/// <summary>A page as it came.</summary>
/// <param name="Document">The page, with the address where it was found.</param>
/// <param name="Version">What its server says of this version.</param>
internal sealed record FetchedPage(WebDocument Document, PageVersion Version);

/// <summary>Fetches pages of the public web: the addresses come from people, and each leads where its owner wants. Thread-safe.</summary>
internal sealed class PageFetch(PublicWeb web)
{
    private const int MostMegabytes = 25;

    private static readonly WebLimits Limits = new(MostMegabytes << 20, TimeSpan.FromSeconds(60), "text/html, application/xhtml+xml;q=0.9, application/xml;q=0.9, */*;q=0.5");

    // What nobody reads as text; whatever else it is, its reader says.
    private static readonly string[] Unread = ["image/", "audio/", "video/", "font/"];

    /// <summary>Fetches one.</summary>
    /// <returns>Null: it is the version that is known.</returns>
    /// <exception cref="SourceException">It cannot be had.</exception>
    public async Task<FetchedPage?> GetAsync(Uri address, PageVersion? known, CancellationToken cancellationToken)
    {
        try
        {
            if (await web.ReadChangedAsync(address, Limits, known?.Tag, known?.LastModified, cancellationToken) is not { } read)
            {
                return null;
            }

            return Array.Exists(Unread, kind => read.Document.MediaType?.StartsWith(kind, StringComparison.OrdinalIgnoreCase) ?? false)
                ? throw new SourceException("type", ("type", read.Document.MediaType!))
                : new FetchedPage(read.Document, PageVersion.Of(read.Tag, read.LastModified));
        }
        catch (ProviderException failure)
        {
            throw Translated(failure, address);
        }
    }

    private static SourceException Translated(ProviderException failure, Uri address) => failure switch
    {
        { Kind: ProviderErrorKind.Forbidden, StatusCode: null, ServiceMessage: PublicWeb.LeadsInwards } => new("inwards", ("host", address.Host)),
        { Kind: ProviderErrorKind.Forbidden, StatusCode: null } => new("forbidden", ("host", address.Host)),
        { StatusCode: 404 or 410 } => new("gone"),
        { StatusCode: { } status } => new("status", ("status", status.ToString(CultureInfo.InvariantCulture))),
        { Kind: ProviderErrorKind.TimedOut } => new("timedOut", ("host", address.Host)),
        { Kind: ProviderErrorKind.StreamTooLarge } => new("tooLarge", ("limit", MostMegabytes.ToString(CultureInfo.InvariantCulture))),
        { Kind: ProviderErrorKind.HostNotFound } => new("hostNotFound", ("host", address.Host)),
        { Kind: ProviderErrorKind.InsecureConnection } => new("insecure", ("host", address.Host)),
        { Kind: ProviderErrorKind.UnexpectedFormat } => new("redirects", ("host", address.Host)),
        _ => new("unreachable", ("host", address.Host)),
    };
}
