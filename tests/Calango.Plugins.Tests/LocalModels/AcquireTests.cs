using System.Runtime.InteropServices;
using Calango.Plugins.LocalModels;
using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

public sealed class AcquireTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_that_is_not_here_is_not_found()
    {
        await using var host = new LocalModelsHost();

        Assert.Equal(ProviderErrorKind.ModelNotFound, (await FailureAsync(host, "tinyllama-1.1b-chat")).Kind);
    }

    [Fact]
    public async Task Without_the_libraries_a_model_is_unavailable()
    {
        await using var host = new LocalModelsHost();
        await DropAsync(host);

        Assert.Equal(ProviderErrorKind.LocalModelUnavailable, (await FailureAsync(host, "small.gguf")).Kind);
    }

    [Fact]
    public async Task Too_little_memory_is_refused_with_both_figures_and_starts_nothing()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var host = new LocalModelsHost(new SmallCatalogue(registry).Catalogue, registry.Address, freeMemory: 50_000_000);
        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);

        var failure = await FailureAsync(host, SmallCatalogue.ModelId);

        Assert.Equal(ProviderErrorKind.LocalModelUnavailable, failure.Kind);
        Assert.Matches(@"^\d+ MB of memory are needed, 50 MB are free\.$", failure.ServiceMessage);
        Assert.Empty(host.Processes.Started);
    }

    [Fact]
    public async Task A_worker_that_cannot_load_its_libraries_says_why()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var host = new LocalModelsHost(new SmallCatalogue(registry).Catalogue, registry.Address, freeMemory: 1L << 34);
        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);

        var failure = await FailureAsync(host, SmallCatalogue.ModelId);

        Assert.Equal(ProviderErrorKind.LocalModelUnavailable, failure.Kind);
        Assert.Contains("cannot be loaded", failure.ServiceMessage, StringComparison.Ordinal);
        Assert.Equal(65, await Assert.Single(host.Processes.Started).Exited);
    }

    [Fact]
    public void A_gpu_without_its_libraries_gives_way_to_the_processor_and_says_why()
    {
        var choice = DeviceChoice.Make(
            [Build(MachineDevices.Cuda, "libnobody.so.99"), Build(MachineDevices.Cpu)],
            [new MachineDevice(MachineDevices.Cuda, "CUDA (Some GPU)"), new MachineDevice(MachineDevices.Cpu, "CPU (AVX2)")]);

        Assert.Equal(MachineDevices.Cpu, choice.Runtime?.Device);
        Assert.Equal("CPU (AVX2)", choice.Devices.Chosen);
        Assert.Equal(["CUDA (Some GPU)", "CPU (AVX2)"], choice.Devices.Found);
        Assert.Equal("CUDA (Some GPU): libnobody.so.99 is not installed.", choice.Devices.FallbackReason);
    }

    [Fact]
    public void A_gpu_with_a_build_is_chosen_and_gives_way_when_it_fails()
    {
        var choice = DeviceChoice.Make(
            [Build(MachineDevices.Vulkan), Build(MachineDevices.Cpu)],
            [new MachineDevice(MachineDevices.Vulkan, "Vulkan"), new MachineDevice(MachineDevices.Cpu, "CPU (AVX2)")]);
        var planned = (choice.UsesGpu, choice.Devices.Chosen, choice.Devices.FallbackReason);

        choice.FailedOnGpu("Vulkan failed: no device");

        Assert.Equal((true, "Vulkan", null), planned);
        Assert.False(choice.UsesGpu);
        Assert.Equal(("CPU (AVX2)", "Vulkan failed: no device"), (choice.Devices.Chosen, choice.Devices.FallbackReason));
    }

    private static CatalogueRuntime Build(string device, params string[] needs) => new(
        device, OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux",
        RuntimeInformation.OSArchitecture.ToString(), device, needs, new CatalogueDownload("x@1.0.0", null, 1, "", null), "");

    private static Task DropAsync(LocalModelsHost host) =>
        File.WriteAllBytesAsync(Path.Combine(host.Models, "small.gguf"), GgufFile.Chat(), Cancel);

    private static Task<ProviderException> FailureAsync(LocalModelsHost host, string id) =>
        Assert.ThrowsAsync<ProviderException>(() => host.Local.AcquireAsync(id, null, Cancel));
}
