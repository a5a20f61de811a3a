using System.Runtime.InteropServices;

namespace Calango.Plugins.LocalModels.Worker.Llama;

// What ggml found to compute on, and how much of a model fits there.
internal sealed record Device(string Name, string Description, bool IsGpu, long FreeBytes)
{
    private const int GpuType = 1;
    private const int IntegratedGpuType = 2;

    // Buffers for intermediate results, and what the desktop wants.
    private const long ReservedBytes = 512L * 1024 * 1024;

    public static unsafe IReadOnlyList<Device> Found()
    {
        var devices = new List<Device>();
        for (nuint i = 0; i < LlamaApi.ggml_backend_dev_count(); i++)
        {
            var device = LlamaApi.ggml_backend_dev_get(i);
            LlamaApi.ggml_backend_dev_memory(device, out var free, out _);
            devices.Add(new Device(
                Marshal.PtrToStringUTF8((nint)LlamaApi.ggml_backend_dev_name(device)) ?? "",
                Marshal.PtrToStringUTF8((nint)LlamaApi.ggml_backend_dev_description(device)) ?? "",
                LlamaApi.ggml_backend_dev_type(device) is GpuType or IntegratedGpuType,
                (long)free));
        }

        return devices;
    }

    // One more than the repeating layers: the output layer counts as one too.
    public int LayersThatFit(int layers, long layerBytes) =>
        layerBytes <= 0 ? layers + 1 : (int)Math.Clamp((FreeBytes - ReservedBytes) / layerBytes, 0, layers + 1);
}
