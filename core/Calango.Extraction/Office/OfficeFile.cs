using DocumentFormat.OpenXml.Packaging;

namespace Calango.Extraction;

/// <summary>Opens Office's documents, also those in which somebody typed a link that is no address: programs keep them, and the library refuses the whole.</summary>
internal static class OfficeFile
{
    public static T Open<T>(string path, Func<Stream, bool, OpenSettings, T> open)
    {
        var file = new MemoryStream();
        using (var content = File.OpenRead(path))
        {
            content.CopyTo(file);
        }

        try
        {
            return open(file, false, new OpenSettings());
        }
        catch (OpenXmlPackageException)
        {
            return open(file, true, new OpenSettings { AutoSave = false, RelationshipErrorHandlerFactory = RelationshipErrorHandler.CreateRewriterFactory((_, _, _) => "about:blank") });
        }
    }
}
