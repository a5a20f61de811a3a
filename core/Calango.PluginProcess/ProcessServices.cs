using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.PluginProcess;

/// <summary>What a plugin gets that runs in a process of its own.</summary>
internal sealed class ProcessServices(Wire wire, string dataFolder) : PluginServices(new WireLoggers(wire), TimeProvider.System)
{
    // Of no use here, where nothing runs a model; but the contract says that it exists.
    protected override string ModelsFolder => Directory.CreateTempSubdirectory().FullName;

    protected override string DataFolderOf(PluginManifest manifest) => dataFolder;

    protected override IPluginHttp HttpFor() => new WireHttp(wire);

    protected override IChildProcesses ChildrenOf(PluginManifest manifest) => new NoChildProcesses();

    private sealed class NoChildProcesses : IChildProcesses
    {
        public IChildProcess Start(ChildProcessStart start) => throw new ChildProcessException("An isolated plugin starts no processes.");
    }
}
