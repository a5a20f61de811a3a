using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// The best device that a build of llama.cpp is known for, and why it is not a better one. What a worker then reports
// replaces what was planned.
internal sealed class DeviceChoice
{
    private readonly IReadOnlyList<string> _found;

    private DeviceChoice(IReadOnlyList<string> found, CatalogueRuntime? runtime, string chosen, string? fallbackReason)
    {
        _found = found;
        Runtime = runtime;
        Devices = new LocalDevices(chosen, found, 0, fallbackReason);
    }

    public CatalogueRuntime? Runtime { get; }

    // The number of layers is known once a model runs: the worker asks the device for its free memory.
    public LocalDevices Devices { get; private set; }

    public bool UsesGpu => Runtime is not null and not { Device: MachineDevices.Cpu } && !GpuFailed;

    public bool GpuFailed { get; private set; }

    // Folders of the system libraries that the build needs, for the worker's loader.
    public IReadOnlyList<string> LibraryFolders =>
        [.. (Runtime?.Needs ?? []).Select(SystemLibraries.Find).OfType<string>().Distinct(StringComparer.Ordinal)];

    public static DeviceChoice Make(IReadOnlyList<CatalogueRuntime> runtimes, IReadOnlyList<MachineDevice> devices)
    {
        string? reason = null;
        var found = devices.Select(device => device.Name).ToList();
        foreach (var device in devices)
        {
            var runtime = runtimes.FirstOrDefault(runtime => ModelCatalogue.IsForThisSystem(runtime.System, runtime.Architecture) && runtime.Device == device.Kind);
            var missing = runtime?.Needs.FirstOrDefault(library => SystemLibraries.Find(library) is null);
            if (runtime is not null && missing is null)
            {
                return new DeviceChoice(found, runtime, device.Name, reason);
            }

            reason ??= runtime is null ? $"{device.Name}: no llama.cpp build for it is known." : $"{device.Name}: {missing} is not installed.";
        }

        return new DeviceChoice(found, null, found[^1], reason);
    }

    public void Runs(string device, int gpuLayers, string? fallbackReason) => Devices = gpuLayers > 0
        ? new LocalDevices(device, _found, gpuLayers, null)
        : new LocalDevices(_found[^1], _found, 0, fallbackReason ?? Devices.FallbackReason);

    public void FailedOnGpu(string reason)
    {
        GpuFailed = true;
        Devices = new LocalDevices(_found[^1], _found, 0, reason);
    }
}
