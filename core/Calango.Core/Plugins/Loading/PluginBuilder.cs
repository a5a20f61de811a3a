using Calango.Sdk;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Plugins;

/// <summary>Collects what a plugin registers.</summary>
internal sealed class PluginBuilder(IServiceCollection services) : IPluginBuilder
{
    public IServiceCollection Services => services;

    public IPluginBuilder AddModelProvider<TProvider>() where TProvider : class, IModelProvider => Add<IModelProvider, TProvider>();

    public IPluginBuilder AddLocalModels<TLocalModels>() where TLocalModels : class, ILocalModels => Add<ILocalModels, TLocalModels>();

    private PluginBuilder Add<TContract, TService>() where TContract : class where TService : class, TContract
    {
        services.AddSingleton<TService>();
        services.AddSingleton<TContract>(provider => provider.GetRequiredService<TService>());
        return this;
    }
}
