using Microsoft.Extensions.DependencyInjection;

namespace Calango.Sdk;

/// <summary>
/// Verbs with which a plugin says what it provides. Each registered type is a singleton in the plugin's own container,
/// where <see cref="PluginContext"/>, <see cref="IPluginHttp"/>, <see cref="IChildProcesses"/> and
/// <c>ILogger&lt;T&gt;</c> can be injected too.
/// </summary>
public interface IPluginBuilder
{
    /// <summary>The plugin's own services. Nothing of the host's is visible in it, nor the other way round.</summary>
    IServiceCollection Services { get; }

    /// <summary>Offers a source of models; a connection names it by <see cref="IModelProvider.Id"/>.</summary>
    IPluginBuilder AddModelProvider<TProvider>() where TProvider : class, IModelProvider;

    /// <summary>Offers models that run on this machine. At most one per plugin.</summary>
    IPluginBuilder AddLocalModels<TLocalModels>() where TLocalModels : class, ILocalModels;

    /// <summary>Offers a place where events go. At most one per plugin.</summary>
    IPluginBuilder AddEventSink<TSink>() where TSink : class, IEventSink;

    /// <summary>Offers tools to models. At most one source per plugin.</summary>
    IPluginBuilder AddToolSource<TSource>() where TSource : class, IToolSource;

    /// <summary>Offers a store of blobs. At most one per plugin.</summary>
    IPluginBuilder AddBlobStore<TStore>() where TStore : class, IBlobStore;

    /// <summary>Offers an index of passages. At most one per plugin.</summary>
    IPluginBuilder AddPassageIndex<TIndex>() where TIndex : class, IPassageIndex;
}
