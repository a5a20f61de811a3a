using System.Globalization;
using System.IO.Compression;
using Calango.Core.Knowledge;

namespace Calango.Extraction;

/// <summary>Takes the files out of an archive or a mail. Each gets a name of ours: what it is called in there leads nowhere.</summary>
internal sealed class Unpacking(string folder, LineWriter output)
{
    // A zip within a zip, or a mail within one, is opened; one within that isn't.
    private const int Deepest = 1;

    private readonly ZipGuard _guard = new();
    private int _files;

    public void Unpack(string path) => Unpack(path, "", 0);

    private void Unpack(string path, string prefix, int depth)
    {
        var head = Bytes.Head(path);
        if (IsArchive(path, head))
        {
            UnpackZip(path, prefix, depth);
        }
        else if (TextFormats.IsMail(head))
        {
            MailReader.Attachments(path, (name, write) => Keep(prefix + name, write, depth));
        }
    }

    private void UnpackZip(string path, string prefix, int depth)
    {
        using var zip = ZipFile.OpenRead(path);
        foreach (var entry in zip.Entries)
        {
            var name = EntryNames.Safe(entry);
            if (!EntryNames.IsFolder(name) && !EntryNames.IsOfSystem(name))
            {
                Keep(prefix + name, target => _guard.Copy(entry, target), depth);
            }
        }
    }

    private void Keep(string name, Action<Stream> write, int depth)
    {
        if (++_files > ZipGuard.MostFiles)
        {
            throw new UnreadableException("zip.tooMany", ("limit", ZipGuard.MostFiles.ToString(CultureInfo.InvariantCulture)));
        }

        var path = Path.Combine(folder, _files.ToString("D4", CultureInfo.InvariantCulture));
        using (var file = File.Create(path))
        {
            write(file);
        }

        var head = Bytes.Head(path);
        var isArchive = IsArchive(path, head);
        if (isArchive && depth == Deepest)
        {
            throw new UnreadableException("zip.nested");
        }

        if (isArchive || head.Length == 0)
        {
            Inside(path, name, depth);
            File.Delete(path);
            return;
        }

        output.Write(new ExtractionLine(File: new UnpackedFile(name, path)));
        Inside(path, name, depth);
    }

    private void Inside(string path, string name, int depth)
    {
        if (depth < Deepest)
        {
            Unpack(path, name + "/", depth + 1);
        }
    }

    private static bool IsArchive(string path, byte[] head) => ZipKinds.IsZip(head) && ZipKinds.Of(path) == ZipKind.Archive;
}
