using Calango.Core.Data;
using Calango.Core.Plugins;

namespace Calango.Web.Hosting;

/// <summary>What must be done before the first request is served, in order. Registered first, so it also starts first.</summary>
internal sealed class Start(DatabaseUpgrade database, PluginHost plugins) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.RunAsync(cancellationToken);
        await plugins.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
