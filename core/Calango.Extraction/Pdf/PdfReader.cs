namespace Calango.Extraction;

/// <summary>PDF, by poppler: its text with the places where it stands, and pages that are pictures by tesseract.</summary>
internal static class PdfReader
{
    public static void Read(string path, DocumentWriter document)
    {
        if (!HelperProgram.IsThere("pdfinfo") || !HelperProgram.IsThere("pdftotext"))
        {
            throw new UnreadableException("noPoppler");
        }

        var info = PdfInfo.Read(path);
        (document.Title, document.Pages) = (info.Title, info.Pages);
        var pages = PdfPages.Read(path, info.Pages, document.Tick);
        var layout = new PdfLayout(pages);
        var reads = CanScan(pages);
        foreach (var page in pages)
        {
            document.Page = page.Number;
            if (page.HasText)
            {
                layout.Write(page, document);
            }
            else if (reads)
            {
                TextReaders.AddParagraphs(PageScan.TextOf(path, page), document);
                document.Tick();
            }
        }
    }

    // A page without text among others may be a picture or empty; a document of such pages alone was scanned.
    private static bool CanScan(IReadOnlyList<PdfPage> pages) =>
        PageScan.IsPossible || (pages.Any(page => page.HasText) ? false : throw new UnreadableException("noTesseract"));
}
