using Calango.Core.Plugins;

namespace Calango.Web.Hosting;

/// <summary>What must be done before the first request is served. Registered first, so it also starts first.</summary>
internal sealed class Start(WaitingRoom database, PluginHost plugins) : IHostedService
{
    // Neither needs the other, and each is a good part of the time to the first page. What the database says comes first.
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var loading = Task.Run(() => plugins.StartAsync(cancellationToken), cancellationToken);
        await database.WaitForDatabaseAsync(cancellationToken);
        await loading;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
