namespace Calango.Extraction;

/// <summary>What a file is, told by what is in it: a name can lie. Only where the bytes are text does the name say what kind.</summary>
internal static class Formats
{
    /// <exception cref="UnreadableException">It is none of what is read here.</exception>
    public static Action<string, DocumentWriter> ReaderOf(string path, string fileName)
    {
        var head = Bytes.Head(path);
        return head.AsSpan(0, Math.Min(1024, head.Length)).IndexOf("%PDF-"u8) >= 0 ? PdfReader.Read
            : ZipKinds.IsZip(head) ? OfZip(path)
            : head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) ? OfCompound(path)
            : head.AsSpan().StartsWith("{\\rtf"u8) || !Bytes.AreText(head) ? throw new UnreadableException("unsupported")
            : TextFormats.ReaderOf(head, fileName);
    }

    private static Action<string, DocumentWriter> OfZip(string path)
    {
        var kind = ZipKinds.Of(path);
        if (kind is ZipKind.OtherDocument or ZipKind.Archive)
        {
            throw new UnreadableException(kind == ZipKind.Archive ? "archive" : "unsupported");
        }

        // Chapters of books are pages, which have a document type.
        ZipGuard.Check(path, refusesDtd: kind != ZipKind.Book);
        return kind switch
        {
            ZipKind.Word => WordReader.Read,
            ZipKind.Slides => SlidesReader.Read,
            ZipKind.Sheets => SheetsReader.Read,
            _ => BookReader.Read,
        };
    }

    private static Action<string, DocumentWriter> OfCompound(string path)
    {
        var names = Bytes.CompoundNames(path);
        return names.Contains("EncryptedPackage", StringComparison.Ordinal) ? throw new UnreadableException("encrypted")
            : names.Contains("Workbook", StringComparison.Ordinal) || names.Contains("Book\0", StringComparison.Ordinal) ? SheetsReader.Read
            : names.Contains("WordDocument", StringComparison.Ordinal) || names.Contains("PowerPoint Document", StringComparison.Ordinal) ? throw new UnreadableException("legacyOffice")
            : throw new UnreadableException("unsupported");
    }
}
