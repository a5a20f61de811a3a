using Calango.Core.Files;
using Calango.Core.Identity;
using Calango.Core.Plugins;
using Calango.Web.Configuration;
using Microsoft.AspNetCore.DataProtection;

namespace Calango.Web.Hosting;

/// <summary>What must be done before the first request is served. Registered first, so it also starts first.</summary>
internal sealed class Start(WaitingRoom database, PluginHost plugins, StoredPackages packages, IDataProtectionProvider keys, HostSettings settings) : IHostedService
{
    private const int LeastRoom = 16 * 1024;

    // None needs the others, and each is a good part of the time to the first page. What the database says comes first.
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        RefuseWithoutRoom();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        packages.WaitFor(ready.Task);
        var loading = Task.Run(() => plugins.StartAsync(cancellationToken), cancellationToken);
        var areInDatabase = settings.Mode == HostMode.Server;
        Task unlocking = areInDatabase ? Task.CompletedTask : Task.Run(RefuseWithoutKeys, cancellationToken);
        await database.WaitForDatabaseAsync(cancellationToken);
        ready.SetResult();
        if (areInDatabase)
        {
            unlocking = DatabaseWait.OutlastAsync(() => Task.Run(RefuseWithoutKeys, cancellationToken), cancellationToken);
        }

        await Task.WhenAll(unlocking, loading);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Better no start than one that can keep nothing.
    private void RefuseWithoutRoom()
    {
        var probe = Path.Combine(settings.Core.DataFolder, $"room-{Guid.CreateVersion7():N}");
        try
        {
            File.WriteAllBytes(probe, new byte[LeastRoom]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The data folder {settings.Core.DataFolder} has no room, or is not writable.");
        }
        finally
        {
            File.Delete(probe);
        }
    }

    // Every form needs them, and the first use makes them: better no start than one whose forms all fail.
    private byte[] RefuseWithoutKeys()
    {
        try
        {
            return keys.CreateProtector(nameof(Start)).Protect([]);
        }
        catch (Exception failure) when (failure.Is<WrongSecretException>())
        {
            throw new StartRefusedException(
                $"{SettingKeys.Secret.Name} ({SettingKeys.Secret.Variable}) is not the one that this database's keys were sealed with. Give the server that one: without it, what is stored encrypted stays closed.");
        }
    }
}
