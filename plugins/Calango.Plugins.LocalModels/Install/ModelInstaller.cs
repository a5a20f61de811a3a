using System.Security.Cryptography;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// Brings a model of the catalogue to the models folder: downloads, puts together, compares, and renames at the end, so
// that a file under its own name is always whole.
internal sealed class ModelInstaller(PluginContext context, Downloads downloads, RuntimeLibraries libraries)
{
    public string UnfinishedPathOf(CatalogueFile file) => PathOf(file) + ".part";

    public long ReceivedBytes(CatalogueModel model) => model.File.Sources.Max(source => source.Sum(downloads.ReceivedBytes));

    public async Task InstallAsync(CatalogueModel model, InstallReport report, CancellationToken cancellationToken)
    {
        RequireSpace(model);
        await libraries.InstallAsync(report, cancellationToken);
        LocalModelException? failure = null;
        foreach (var source in model.File.Sources)
        {
            try
            {
                await InstallAsync(model.File, source, report, cancellationToken);
                Clean(model);
                return;
            }
            catch (LocalModelException exception) when (exception.Kind is LocalModelErrorKind.DownloadFailed or LocalModelErrorKind.ChecksumMismatch)
            {
                // The first source is the one that is expected to work: its failure is the one to tell.
                failure ??= exception;
            }
        }

        throw failure ?? new LocalModelException(LocalModelErrorKind.DownloadFailed, $"{model.Id} has no source.");
    }

    public void Remove(CatalogueModel model)
    {
        Clean(model);
        File.Delete(PathOf(model.File));
    }

    private async Task InstallAsync(
        CatalogueFile file, IReadOnlyList<CatalogueDownload> source, InstallReport report, CancellationToken cancellationToken)
    {
        foreach (var download in source)
        {
            await downloads.FetchAsync(download, report, cancellationToken);
        }

        var assembled = UnfinishedPathOf(file);
        try
        {
            await AssembleAsync(file, source, assembled, cancellationToken);
            File.Move(assembled, PathOf(file), overwrite: true);
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

    private void RequireSpace(CatalogueModel model)
    {
        var toReceive = model.File.Sources[0].Sum(download => download.Bytes - downloads.ReceivedBytes(download));
        Disk.Require(context.ModelsFolder, model.File.Bytes + toReceive + libraries.MissingBytes);
    }

    private void Clean(CatalogueModel model)
    {
        foreach (var download in model.File.Sources.SelectMany(source => source))
        {
            downloads.Delete(download);
        }
    }

    private string PathOf(CatalogueFile file) => Path.Combine(context.ModelsFolder, file.Name);
}
