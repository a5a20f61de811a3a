using Calango.Sdk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>Makes the services that each generation of a plugin gets from where it runs, and nothing besides.</summary>
internal abstract class PluginServices(ILoggerFactory loggers, TimeProvider clock)
{
    public PluginCalls CallsOf(PluginManifest manifest, TimeSpan? patience = null) =>
        new(manifest.Id, clock, loggers.CreateLogger<PluginCalls>(), new CancellationTokenSource()) { Patience = patience };

    public ServiceCollection For(PluginManifest manifest, string folder, CancellationToken stopping)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new PluginContext(manifest.Id, Path.GetFullPath(folder), DataFolderOf(manifest), ModelsFolder, stopping));
        // By factory, so that the container disposes them with the generation.
        services.AddSingleton(_ => HttpFor());
        services.AddSingleton(_ => ChildrenOf(manifest));
        services.AddSingleton<ILoggerFactory>(_ => new PluginLoggerFactory(manifest.Id, loggers));
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(TimeProvider.System);
        services.PostConfigureAll<HttpClientFactoryOptions>(KeepHandlers);
        return services;
    }

    // A factory of clients has a timer of the process renew its handlers, which would keep the plugin's code in memory
    // meanwhile. It renews connections instead: a service's name may move to another address.
    private static void KeepHandlers(HttpClientFactoryOptions options)
    {
        options.HandlerLifetime = Timeout.InfiniteTimeSpan;
        options.HttpMessageHandlerBuilderActions.Add(builder =>
        {
            if (builder.PrimaryHandler is SocketsHttpHandler handler)
            {
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
            }
        });
    }

    protected abstract string ModelsFolder { get; }

    protected abstract string DataFolderOf(PluginManifest manifest);

    protected abstract IPluginHttp HttpFor();

    protected abstract IChildProcesses ChildrenOf(PluginManifest manifest);
}
