using Calango.Sdk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>Makes the services that each generation of a plugin gets from the server, and nothing besides.</summary>
internal sealed class PluginServices(CoreOptions options, ILoggerFactory loggers, TimeProvider clock)
{
    public PluginCalls CallsOf(PluginManifest manifest) => new(manifest.Id, clock, loggers.CreateLogger<PluginCalls>(), new CancellationTokenSource());

    public ServiceCollection For(PluginManifest manifest, string folder, CancellationToken stopping)
    {
        var context = new PluginContext(
            manifest.Id,
            Path.GetFullPath(folder),
            Directory.CreateDirectory(Path.Combine(options.DataFolder, "plugins", "data", manifest.Id)).FullName,
            Directory.CreateDirectory(options.ModelsFolder).FullName,
            stopping);
        var services = new ServiceCollection();
        services.AddSingleton(context);
        // By factory, so that the container disposes them with the generation.
        services.AddSingleton<IPluginHttp>(_ => new PluginHttp(options.Web));
        services.AddSingleton<IChildProcesses>(_ => new ChildProcesses(loggers.CreateLogger($"{manifest.Id}:ChildProcess")));
        services.AddSingleton<ILoggerFactory>(_ => new PluginLoggerFactory(manifest.Id, loggers));
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(TimeProvider.System);
        return services;
    }
}
