using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>What isolated plugins need of the server, once for all of them.</summary>
internal sealed class IsolationServices(CoreOptions options, Sandbox sandbox, ILoggerFactory loggers, TimeProvider clock) : IAsyncDisposable
{
    public Sandbox Sandbox => sandbox;

    public StoreFolders Folders { get; } = new(options.DataFolder);

    public ChildProcesses Processes { get; } = new(loggers.CreateLogger<ChildProcesses>());

    public PluginHttp Http { get; } = new(options.Web);

    public ILoggerFactory Loggers => loggers;

    public TimeProvider Clock => clock;

    public async ValueTask DisposeAsync()
    {
        await Processes.DisposeAsync();
        Http.Dispose();
    }
}
