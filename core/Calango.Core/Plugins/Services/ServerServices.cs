using Calango.Sdk;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>What a plugin gets that runs in the server's process.</summary>
internal sealed class ServerServices(CoreOptions options, ILoggerFactory loggers, TimeProvider clock) : PluginServices(loggers, clock)
{
    private readonly ILoggerFactory _loggers = loggers;

    protected override string ModelsFolder => Directory.CreateDirectory(options.ModelsFolder).FullName;

    protected override string DataFolderOf(PluginManifest manifest) => new StoreFolders(options.DataFolder).DataOf(manifest.Id);

    protected override IPluginHttp HttpFor() => new PluginHttp(options.Web);

    protected override IChildProcesses ChildrenOf(PluginManifest manifest) => new ChildProcesses(_loggers.CreateLogger($"{manifest.Id}:ChildProcess"));
}
