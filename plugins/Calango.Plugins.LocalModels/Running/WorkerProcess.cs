using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// A worker that has answered.
internal sealed class WorkerProcess(IChildProcess process, WorkerReady ready, string key)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    public WorkerReady Ready => ready;

    public string Key => key;

    public Uri Address { get; } = new(ready.Address, "v1");

    public bool Runs => !process.Exited.IsCompleted;

    public Task StopAsync() => process.StopAsync(Grace);
}
