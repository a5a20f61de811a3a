using Calango.Sdk;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Plugins;

/// <summary>Collects what a plugin registers.</summary>
internal sealed class PluginBuilder(IServiceCollection services) : IPluginBuilder
{
    private readonly SortedSet<string> _provides = new(StringComparer.Ordinal);

    public IServiceCollection Services => services;

    public IPluginBuilder AddModelProvider<TProvider>() where TProvider : class, IModelProvider => Add<IModelProvider, TProvider>("model-provider");

    public IPluginBuilder AddLocalModels<TLocalModels>() where TLocalModels : class, ILocalModels => Add<ILocalModels, TLocalModels>("local-models");

    public IPluginBuilder AddEventSink<TSink>() where TSink : class, IEventSink => Add<IEventSink, TSink>("event-sink");

    public IPluginBuilder AddToolSource<TSource>() where TSource : class, IToolSource => Add<IToolSource, TSource>("tool-source");

    public IPluginBuilder AddBlobStore<TStore>() where TStore : class, IBlobStore => Add<IBlobStore, TStore>("blob-store");

    public IPluginBuilder AddPassageIndex<TIndex>() where TIndex : class, IPassageIndex => Add<IPassageIndex, TIndex>("passage-index");

    /// <summary>Who decided to trust a plugin did so for what its manifest says.</summary>
    /// <exception cref="PluginRejectedException">It registered something else than it declares.</exception>
    public void RequireAsDeclared(IReadOnlyList<string> declared)
    {
        if (!_provides.SetEquals(declared))
        {
            throw new PluginRejectedException($"{PluginManifest.FileName}: provides is [{string.Join(", ", declared)}], but it registers [{string.Join(", ", _provides)}]");
        }
    }

    private PluginBuilder Add<TContract, TService>(string kind) where TContract : class where TService : class, TContract
    {
        _provides.Add(kind);
        services.AddSingleton<TService>();
        services.AddSingleton<TContract>(provider => provider.GetRequiredService<TService>());
        return this;
    }
}
