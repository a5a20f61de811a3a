using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Calango.Plugins.LocalModels;

// What this machine computes with, best first, by the traces that drivers leave. No driver is loaded here: a bad one
// would take the server down; the worker loads it.
internal sealed record MachineDevice(string Kind, string Name);

internal static class MachineDevices
{
    public const string Cuda = "cuda";
    public const string Metal = "metal";
    public const string Vulkan = "vulkan";
    public const string Cpu = "cpu";

    public static IReadOnlyList<MachineDevice> Probe() => [.. Gpus(), new MachineDevice(Cpu, CpuName())];

    private static IEnumerable<MachineDevice> Gpus()
    {
        if (HasCuda())
        {
            yield return new MachineDevice(Cuda, $"CUDA ({NvidiaName()})");
        }

        if (OperatingSystem.IsMacOS() && RuntimeInformation.OSArchitecture == Architecture.Arm64)
        {
            yield return new MachineDevice(Metal, "Metal (Apple GPU)");
        }

        if (HasVulkan())
        {
            yield return new MachineDevice(Vulkan, "Vulkan");
        }
    }

    private static bool HasCuda() => OperatingSystem.IsWindows()
        ? SystemLibraries.Find("nvcuda.dll") is not null
        : File.Exists("/proc/driver/nvidia/version") && SystemLibraries.Find("libcuda.so.1") is not null;

    private static string NvidiaName()
    {
        try
        {
            return Directory.EnumerateFiles("/proc/driver/nvidia/gpus", "information", SearchOption.AllDirectories)
                .SelectMany(File.ReadLines)
                .FirstOrDefault(line => line.StartsWith("Model:", StringComparison.Ordinal))?["Model:".Length..].Trim() ?? "NVIDIA";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "NVIDIA";
        }
    }

    // The loader library alone proves nothing: it is installed beside every desktop. A render node is a real GPU.
    private static bool HasVulkan() => OperatingSystem.IsWindows()
        ? SystemLibraries.Find("vulkan-1.dll") is not null
        : OperatingSystem.IsLinux()
            && SystemLibraries.Find("libvulkan.so.1") is not null
            && Directory.Exists("/dev/dri")
            && Directory.EnumerateFiles("/dev/dri", "renderD*").Any();

    private static string CpuName() =>
        Avx512F.IsSupported ? "CPU (AVX-512)"
        : Avx2.IsSupported ? "CPU (AVX2)"
        : Avx.IsSupported ? "CPU (AVX)"
        : AdvSimd.IsSupported ? "CPU (NEON)"
        : "CPU";
}
