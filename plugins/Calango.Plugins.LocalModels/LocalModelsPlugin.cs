using Calango.Sdk;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Plugins.LocalModels;

public sealed class LocalModelsPlugin : IPlugin
{
    public void Register(IPluginBuilder plugin)
    {
        plugin.Services.AddSingleton(services => ModelCatalogue.Load(services.GetRequiredService<PluginContext>().InstallFolder));
        plugin.Services.AddSingleton(NpmRegistry.OfThisMachine());
        plugin.Services.AddSingleton<MachineMemory>();
        plugin.Services.AddSingleton<Downloads>();
        plugin.Services.AddSingleton<FileInstaller>();
        plugin.Services.AddSingleton<RuntimeLibraries>();
        plugin.Services.AddSingleton<OnnxLibrary>();
        plugin.Services.AddSingleton<ModelShelf>();
        plugin.Services.AddSingleton<EmbedderShelf>();
        plugin.Services.AddSingleton<ModelInstaller>();
        plugin.Services.AddSingleton<AbandonedDownloads>();
        plugin.Services.AddSingleton<WorkerStarter>();
        plugin.Services.AddSingleton<LlamaModels>();
        plugin.Services.AddSingleton<Embedders>();
        plugin.AddLocalModels<MachineModels>();
    }
}
