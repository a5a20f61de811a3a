using System.Runtime.InteropServices;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// The ONNX Runtime build that fits this machine, where it is installed, and whether it runs. Thread-safe.
internal sealed class OnnxLibrary(PluginContext context, ModelCatalogue catalogue, FileInstaller files, Downloads downloads)
{
    // Their builds are of another C library.
    private static readonly bool IsMusl = RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);

    private readonly CatalogueOnnxRuntime? _runtime =
        IsMusl ? null : catalogue.OnnxRuntimes.FirstOrDefault(runtime => ModelCatalogue.IsForThisSystem(runtime.System, runtime.Architecture));

    private volatile string? _failure;

    // Why it does not run here, in plain English; null: as far as is known, it does.
    public string? Failure => _runtime is null ? $"No ONNX Runtime build for {RuntimeInformation.RuntimeIdentifier} is known." : _failure;

    public bool Installed => _runtime is not null && FileInstaller.IsIn(Folder, _runtime.File);

    public long MissingBytes => Failure is not null || Installed ? 0 : _runtime!.File.Sources[0].Sum(download => download.Bytes);

    private string Folder => Path.Combine(context.DataFolder, "runtimes", _runtime!.Id);

    // Returns with Failure set where it came and does not run.
    public async Task InstallAsync(InstallReport report, CancellationToken cancellationToken)
    {
        if (Failure is not null)
        {
            return;
        }

        if (!Installed)
        {
            await files.InstallAsync(Folder, _runtime!.File, report, cancellationToken);
            foreach (var download in _runtime.File.AllDownloads)
            {
                downloads.Delete(download);
            }
        }

        await Task.Run(TryLoad, cancellationToken);
    }

    // Null: it does not run, and Failure says why; or it is not here.
    public OnnxApi? TryLoad()
    {
        if (Failure is not null || !Installed)
        {
            return null;
        }

        try
        {
            return OnnxApi.Load(FileInstaller.PathOf(Folder, _runtime!.File));
        }
        catch (OnnxException exception)
        {
            _failure = $"ONNX Runtime does not load: {exception.Message}";
            return null;
        }
    }
}
