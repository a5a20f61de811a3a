using System.Globalization;

namespace Calango.Core.Knowledge;

/// <summary>Looks at a folder of the server: each file in it, and in folders within it, is a document. No link is followed. Thread-safe.</summary>
internal sealed class FolderSource(SourceFolders folders, SourceShelf shelf) : ISourceReader
{
    private const int MostFiles = 5_000;

    private static readonly EnumerationOptions Files = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System,
    };

    /// <inheritdoc/>
    public async Task<int> ReadAsync(SourceClaim claim, CancellationToken cancellationToken)
    {
        var source = claim.Source;
        // The configuration may name other folders by now, and a link may stand where the folder was.
        var folder = folders.Find(source.Address);
        if (folder != source.Address)
        {
            throw new SourceException("folder");
        }

        var known = await shelf.KnownAsync(source, cancellationToken);
        // What has no length is empty, or no file at all: a pipe would never end.
        var files = new DirectoryInfo(folder).EnumerateFiles("*", Files).Where(file => file.Length > 0).OrderBy(file => file.FullName, StringComparer.Ordinal).Take(MostFiles + 1).ToList();
        if (files.Count > MostFiles)
        {
            throw new SourceException("tooManyFiles", ("limit", MostFiles.ToString(CultureInfo.InvariantCulture)));
        }

        var failed = 0;
        foreach (var (done, file) in files.Index())
        {
            await claim.ReportAsync(files.Count, done, cancellationToken);
            failed += await TryAsync(source, folder, file, known, cancellationToken) ? 0 : 1;
        }

        var there = files.Select(file => PathOf(folder, file)).ToHashSet(StringComparer.Ordinal);
        foreach (var page in known.Values.Where(page => !there.Contains(page.Address)))
        {
            await shelf.GoneAsync(page, often: 1, cancellationToken);
        }

        return failed == 0 ? files.Count : throw new SourceException("files", ("failed", failed.ToString(CultureInfo.InvariantCulture)), ("files", files.Count.ToString(CultureInfo.InvariantCulture)));
    }

    // False: it cannot be taken in.
    private async Task<bool> TryAsync(Source source, string folder, FileInfo file, Dictionary<string, SourcePage> known, CancellationToken cancellationToken)
    {
        var path = PathOf(folder, file);
        try
        {
            var page = known.GetValueOrDefault(path);
            var version = new PageVersion(string.Create(CultureInfo.InvariantCulture, $"{file.Length}-{file.LastWriteTimeUtc.Ticks}"), LastModified: null);
            if (page?.Version == version.Tag)
            {
                return true;
            }

            // Whoever may write there must not lead the server elsewhere by a link, put there since the folder was read.
            if (path.Length > Source.MaxAddressLength || file.Length > DocumentIntake.LargestFile || folders.Find(file.DirectoryName!) != file.DirectoryName || new FileInfo(file.FullName).LinkTarget is not null)
            {
                return false;
            }

            await using var content = file.OpenRead();
            await shelf.TakeInAsync(source, path, page, version, path, content, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException or Errors.RejectedException)
        {
            return false;
        }
    }

    private static string PathOf(string folder, FileInfo file) => Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
}
