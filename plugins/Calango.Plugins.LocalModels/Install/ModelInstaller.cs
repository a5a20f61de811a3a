using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// Brings the files of a model of the catalogue, and what runs it, to this machine.
internal sealed class ModelInstaller(PluginContext context, FileInstaller files, Downloads downloads, RuntimeLibraries llama, OnnxLibrary onnx)
{
    // Those that this machine needs of it.
    public IReadOnlyList<CatalogueFile> FilesOf(CatalogueModel model) =>
        model.Embedding is { } embedding && onnx.Failure is not null ? embedding.ManagedFiles : model.Files;

    public bool IsHere(CatalogueModel model) => FilesOf(model).All(file => FileInstaller.IsIn(context.ModelsFolder, file));

    public long MissingRuntimeBytes(LocalModelPurpose purpose) => purpose == LocalModelPurpose.Chat ? llama.MissingBytes : onnx.MissingBytes;

    public long MissingBytes(CatalogueModel model) =>
        MissingRuntimeBytes(model.Purpose)
        + DownloadsOf(FilesOf(model).Where(file => !FileInstaller.IsIn(context.ModelsFolder, file)), source: 0).Sum(download => download.Bytes);

    public long ReceivedBytes(CatalogueModel model) =>
        Enumerable.Range(0, FilesOf(model).Max(file => file.Sources.Count)).Max(source => DownloadsOf(FilesOf(model), source).Sum(downloads.ReceivedBytes));

    public Task InstallRuntimeAsync(LocalModelPurpose purpose, InstallReport report, CancellationToken cancellationToken) =>
        purpose == LocalModelPurpose.Chat ? llama.InstallAsync(report, cancellationToken) : onnx.InstallAsync(report, cancellationToken);

    // What is here already is compared with its checksum; what is damaged comes anew.
    public async Task InstallAsync(CatalogueModel model, InstallReport report, CancellationToken cancellationToken)
    {
        RequireSpace(model);
        await InstallRuntimeAsync(model.Purpose, report, cancellationToken);
        foreach (var file in FilesOf(model))
        {
            if (!await files.IsWholeAsync(context.ModelsFolder, file, report, cancellationToken))
            {
                await files.InstallAsync(context.ModelsFolder, file, report, cancellationToken);
            }
        }

        Clean(model);
    }

    public void Remove(CatalogueModel model)
    {
        Clean(model);
        foreach (var path in model.AllFiles.Select(file => FileInstaller.PathOf(context.ModelsFolder, file)).Where(File.Exists))
        {
            File.Delete(path);
        }

        RemoveEmptyFolders(model);
    }

    private static IEnumerable<CatalogueDownload> DownloadsOf(IEnumerable<CatalogueFile> files, int source) =>
        files.SelectMany(file => file.Sources.ElementAtOrDefault(source) ?? []).DistinctBy(download => download.Sha256);

    private void RequireSpace(CatalogueModel model)
    {
        var missing = FilesOf(model).Where(file => !FileInstaller.IsIn(context.ModelsFolder, file)).ToList();
        var toReceive = DownloadsOf(missing, source: 0).Sum(download => download.Bytes - downloads.ReceivedBytes(download));
        Disk.Require(context.ModelsFolder, missing.Sum(file => file.Bytes) + toReceive + MissingRuntimeBytes(model.Purpose));
    }

    private void Clean(CatalogueModel model)
    {
        foreach (var download in model.AllDownloads)
        {
            downloads.Delete(download);
        }
    }

    // What somebody put beside our files stays. The folders inside come first.
    private void RemoveEmptyFolders(CatalogueModel model)
    {
        var folders = model.AllFiles.Select(file => Path.GetDirectoryName(FileInstaller.PathOf(context.ModelsFolder, file))!).Distinct(StringComparer.Ordinal);
        foreach (var folder in folders.Where(folder => folder != context.ModelsFolder && Directory.Exists(folder)).OrderByDescending(folder => folder.Length))
        {
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }
}
