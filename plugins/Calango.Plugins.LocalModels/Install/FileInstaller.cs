using System.Security.Cryptography;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// Brings one file of the catalogue into a folder: downloads, puts together, compares, and renames at the end, so that a file
// under its own name is always whole. What was downloaded stays: another file may come out of it.
internal sealed class FileInstaller(Downloads downloads)
{
    public static string PathOf(string folder, CatalogueFile file) => Path.Combine([folder, .. file.Name.Split('/')]);

    public static string UnfinishedPathOf(string folder, CatalogueFile file) => PathOf(folder, file) + ".part";

    public static bool IsIn(string folder, CatalogueFile file) => new FileInfo(PathOf(folder, file)) is { Exists: true } here && here.Length == file.Bytes;

    public async Task<bool> IsWholeAsync(string folder, CatalogueFile file, InstallReport report, CancellationToken cancellationToken)
    {
        if (!IsIn(folder, file))
        {
            return false;
        }

        report.Verifying();
        await using var content = File.OpenRead(PathOf(folder, file));
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)) == file.Sha256;
    }

    public async Task InstallAsync(string folder, CatalogueFile file, InstallReport report, CancellationToken cancellationToken)
    {
        LocalModelException? failure = null;
        foreach (var source in file.Sources)
        {
            try
            {
                await InstallAsync(folder, file, source, report, cancellationToken);
                return;
            }
            catch (LocalModelException exception) when (exception.Kind is LocalModelErrorKind.DownloadFailed or LocalModelErrorKind.ChecksumMismatch)
            {
                // The first source is the one that is expected to work: its failure is the one to tell.
                failure ??= exception;
            }
        }

        throw failure ?? new LocalModelException(LocalModelErrorKind.DownloadFailed, $"{file.Name} has no source.");
    }

    private async Task InstallAsync(
        string folder, CatalogueFile file, IReadOnlyList<CatalogueDownload> source, InstallReport report, CancellationToken cancellationToken)
    {
        foreach (var download in source)
        {
            await downloads.FetchAsync(download, report, cancellationToken);
        }

        var (path, assembled) = (PathOf(folder, file), UnfinishedPathOf(folder, file));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            await AssembleAsync(file, source, assembled, cancellationToken);
            File.Move(assembled, path, overwrite: true);
        }
        finally
        {
            File.Delete(assembled);
        }
    }

    private async Task AssembleAsync(
        CatalogueFile file, IReadOnlyList<CatalogueDownload> source, string path, CancellationToken cancellationToken)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var output = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        foreach (var download in source)
        {
            await (download.Entry is { } entry
                ? Tarball.CopyEntryAsync(downloads.PathOf(download), entry, output, whole, cancellationToken)
                : Tarball.CopyFileAsync(downloads.PathOf(download), output, whole, cancellationToken));
        }

        if (Convert.ToHexStringLower(whole.GetCurrentHash()) != file.Sha256)
        {
            throw new LocalModelException(LocalModelErrorKind.ChecksumMismatch, $"{file.Name} has another SHA-256.");
        }

        output.Flush(flushToDisk: true);
    }
}
