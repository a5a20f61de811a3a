using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// The llama.cpp build that fits this machine, and where it is installed.
internal sealed class RuntimeLibraries(PluginContext context, ModelCatalogue catalogue, Downloads downloads)
{
    public DeviceChoice Choice { get; } = DeviceChoice.Make(catalogue.Runtimes, MachineDevices.Probe());

    // Null where no build for this system exists.
    public CatalogueRuntime? Runtime => Choice.Runtime;

    public bool Installed => Runtime is not null && Directory.Exists(Folder);

    public string Folder => Path.Combine(context.DataFolder, "runtimes", Runtime!.Id);

    public long MissingBytes => Runtime is null || Installed ? 0 : Runtime.Download.Bytes;

    public async Task InstallAsync(InstallReport report, CancellationToken cancellationToken)
    {
        if (Installed)
        {
            return;
        }

        var runtime = Runtime ?? throw new LocalModelException(LocalModelErrorKind.DownloadFailed, "No llama.cpp build for this system is known.");
        await downloads.FetchAsync(runtime.Download, report, cancellationToken);
        var staging = Folder + ".staging";
        try
        {
            DeleteFolder(staging);
            Directory.CreateDirectory(staging);
            await Tarball.ExtractFolderAsync(downloads.PathOf(runtime.Download), runtime.Folder, staging, cancellationToken);
            Directory.Move(staging, Folder);
        }
        finally
        {
            DeleteFolder(staging);
        }

        downloads.Delete(runtime.Download);
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
