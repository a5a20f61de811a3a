using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;

namespace Calango.Extraction;

/// <summary>EPUB: its chapters, which are web pages, in the order in which one reads them.</summary>
internal static class BookReader
{
    // Fonts may be garbled so that nobody takes them out; a book whose chapters are is not for us.
    private static readonly string[] FontGarblings = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

    public static void Read(string path, DocumentWriter document)
    {
        using var zip = ZipFile.OpenRead(path);
        RefuseLocked(zip);
        var place = Named(Load(zip, "META-INF/container.xml"), "rootfile").Select(file => file.Attribute("full-path")?.Value).FirstOrDefault(found => found is not null)
            ?? throw new UnreadableException("malformed");
        var book = Load(zip, place);
        document.Title = Named(book, "title").FirstOrDefault()?.Value;
        var files = Named(book, "item").Where(item => item.Attribute("id") is not null).GroupBy(item => item.Attribute("id")!.Value)
            .ToDictionary(group => group.Key, group => group.First().Attribute("href")?.Value);
        foreach (var id in Named(book, "itemref").Select(item => item.Attribute("idref")?.Value ?? ""))
        {
            if (files.GetValueOrDefault(id) is { } file && zip.GetEntry(Beside(place, file)) is { } chapter)
            {
                document.EndHeadings();
                HtmlReader.ReadPage(Bytes.Decode(All(chapter)), document);
                document.Tick();
            }
        }
    }

    private static void RefuseLocked(ZipArchive zip)
    {
        if (zip.GetEntry("META-INF/encryption.xml") is not null
            && Named(Load(zip, "META-INF/encryption.xml"), "EncryptionMethod").Any(method => !FontGarblings.Contains(method.Attribute("Algorithm")?.Value)))
        {
            throw new UnreadableException("encrypted");
        }
    }

    private static XDocument Load(ZipArchive zip, string name)
    {
        var bytes = All(zip.GetEntry(name) ?? throw new UnreadableException("malformed"));
        ZipGuard.RefuseDtd(bytes);
        using var xml = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XDocument.Load(xml);
    }

    private static IEnumerable<XElement> Named(XDocument document, string name) => document.Descendants().Where(element => element.Name.LocalName == name);

    // Relative to the file that names it, and escaped as an address is.
    private static string Beside(string place, string file) => Uri.UnescapeDataString(new Uri(new Uri("file:///" + place), file.Split('#')[0]).AbsolutePath).TrimStart('/');

    private static byte[] All(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
