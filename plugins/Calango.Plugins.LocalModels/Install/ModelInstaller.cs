using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// Brings the files of a model of the catalogue, and what runs it, to this machine.
internal sealed class ModelInstaller(PluginContext context, FileInstaller files, Downloads downloads, RuntimeLibraries llama, OnnxLibrary onnx)
{
    public long MissingRuntimeBytes(LocalModelPurpose purpose) => purpose == LocalModelPurpose.Chat ? llama.MissingBytes : onnx.MissingBytes;

    public long ReceivedBytes(CatalogueModel model) =>
        Enumerable.Range(0, model.Files.Max(file => file.Sources.Count)).Max(source => model.Downloads(source).Sum(downloads.ReceivedBytes));

    public Task InstallRuntimeAsync(LocalModelPurpose purpose, InstallReport report, CancellationToken cancellationToken) =>
        purpose == LocalModelPurpose.Chat ? llama.InstallAsync(report, cancellationToken) : onnx.InstallAsync(report, cancellationToken);

    public async Task InstallAsync(CatalogueModel model, InstallReport report, CancellationToken cancellationToken)
    {
        var missing = model.Files.Where(file => !FileInstaller.IsIn(context.ModelsFolder, file)).ToList();
        RequireSpace(model, missing);
        await InstallRuntimeAsync(model.Purpose, report, cancellationToken);
        foreach (var file in missing)
        {
            await files.InstallAsync(context.ModelsFolder, file, report, cancellationToken);
        }

        Clean(model);
    }

    public void Remove(CatalogueModel model)
    {
        Clean(model);
        foreach (var path in model.Files.Select(file => FileInstaller.PathOf(context.ModelsFolder, file)).Where(File.Exists))
        {
            File.Delete(path);
        }

        RemoveEmptyFolders(model);
    }

    private void RequireSpace(CatalogueModel model, List<CatalogueFile> missing)
    {
        var toReceive = model.Downloads(source: 0).Sum(download => download.Bytes - downloads.ReceivedBytes(download));
        Disk.Require(context.ModelsFolder, missing.Sum(file => file.Bytes) + toReceive + MissingRuntimeBytes(model.Purpose));
    }

    private void Clean(CatalogueModel model)
    {
        foreach (var download in model.AllDownloads)
        {
            downloads.Delete(download);
        }
    }

    // What somebody put beside our files stays.
    private void RemoveEmptyFolders(CatalogueModel model)
    {
        foreach (var folder in model.Files.Select(file => Path.GetDirectoryName(FileInstaller.PathOf(context.ModelsFolder, file))!).Distinct(StringComparer.Ordinal))
        {
            if (folder != Path.GetFullPath(context.ModelsFolder) && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }
}
