using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// The ONNX Runtime build that fits this machine, and where it is installed.
internal sealed class OnnxLibrary(PluginContext context, ModelCatalogue catalogue, FileInstaller files, Downloads downloads)
{
    // Null where no build for this system exists.
    public CatalogueOnnxRuntime? Runtime { get; } =
        catalogue.OnnxRuntimes.FirstOrDefault(runtime => ModelCatalogue.IsForThisSystem(runtime.System, runtime.Architecture));

    public bool Installed => Runtime is not null && FileInstaller.IsIn(Folder, Runtime.File);

    public string LibraryPath => FileInstaller.PathOf(Folder, Runtime!.File);

    public long MissingBytes => Runtime is null || Installed ? 0 : Runtime.File.Sources[0].Sum(download => download.Bytes);

    private string Folder => Path.Combine(context.DataFolder, "runtimes", Runtime!.Id);

    public async Task InstallAsync(InstallReport report, CancellationToken cancellationToken)
    {
        if (Installed)
        {
            return;
        }

        var runtime = Runtime ?? throw new LocalModelException(LocalModelErrorKind.DownloadFailed, "No ONNX Runtime build for this system is known.");
        await files.InstallAsync(Folder, runtime.File, report, cancellationToken);
        foreach (var download in runtime.File.AllDownloads)
        {
            downloads.Delete(download);
        }
    }
}
