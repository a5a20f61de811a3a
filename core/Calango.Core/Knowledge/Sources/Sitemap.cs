using System.IO.Compression;
using System.Xml;

namespace Calango.Core.Knowledge;

/// <summary>A list of pages that a site publishes, or a list of such lists (sitemaps.org).</summary>
/// <param name="IsIndex">It names other sitemaps.</param>
/// <param name="Addresses">What it names.</param>
internal sealed record Sitemap(bool IsIndex, IReadOnlyList<string> Addresses)
{
    // As the protocol limits it.
    private const int MostBytes = 50 << 20;
    private const int MostAddresses = 50_000;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostBytes };

    /// <summary>Reads one, plain or packed by gzip.</summary>
    /// <returns>Null: it is no sitemap.</returns>
    /// <exception cref="SourceException">It is one, and broken.</exception>
    public static Sitemap? Read(byte[] body)
    {
        try
        {
            using var content = Unpacked(body);
            using var reader = XmlReader.Create(content, Settings);
            return reader.MoveToContent() == XmlNodeType.Element && reader.LocalName is "urlset" or "sitemapindex" ? ReadAddresses(reader) : null;
        }
        catch (XmlException)
        {
            // HTML is no XML, and says so at the latest in its first lines.
            return null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static Sitemap ReadAddresses(XmlReader reader)
    {
        var (isIndex, addresses) = (reader.LocalName == "sitemapindex", new List<string>());
        try
        {
            while (reader.Read() && addresses.Count < MostAddresses)
            {
                // Pictures and films of a page have such elements too, in namespaces of their own.
                if (reader is { NodeType: XmlNodeType.Element, LocalName: "loc", Depth: 2 })
                {
                    addresses.Add(reader.ReadElementContentAsString().Trim());
                }
            }
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException)
        {
            throw new SourceException("sitemap");
        }

        return new Sitemap(isIndex, addresses);
    }

    private static Stream Unpacked(byte[] body)
    {
        var plain = new MemoryStream(body);
        return body is [0x1F, 0x8B, ..] ? new GZipStream(plain, CompressionMode.Decompress) : plain;
    }
}
