using Calango.Core.Data;
using Calango.Core.Files;
using Calango.Core.Identity;
using Calango.Core.Plugins;
using Calango.Web.Configuration;
using Microsoft.AspNetCore.DataProtection;

namespace Calango.Web.Hosting;

/// <summary>What must be done before the first request is served. Registered first, so it also starts first.</summary>
internal sealed class Start(WaitingRoom database, PluginHost plugins, StoredPackages packages, IDataProtectionProvider keys, HostSettings settings) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // None needs the others, and each is a good part of the time to the first page. What the database says comes first.
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        packages.WaitFor(ready.Task);
        var loading = Task.Run(() => plugins.StartAsync(cancellationToken), cancellationToken);
        var areInDatabase = settings.Mode == HostMode.Server;
        var unlocking = areInDatabase ? Task.CompletedTask : Task.Run(RefuseWithoutKeys, cancellationToken);
        await database.WaitForDatabaseAsync(cancellationToken);
        ready.SetResult();
        if (areInDatabase)
        {
            unlocking = UnlockAsync(cancellationToken);
        }

        await Task.WhenAll(unlocking, loading);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The database was there a moment ago; one that goes again is waited for.
    private async Task UnlockAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Task.Run(RefuseWithoutKeys, cancellationToken);
                return;
            }
            catch (Exception failure) when (Is<DatabaseUnavailableException>(failure))
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    // Every form needs them, and the first use makes them: better no start than one whose forms all fail.
    private void RefuseWithoutKeys()
    {
        try
        {
            keys.CreateProtector(nameof(Start)).Protect([]);
        }
        catch (Exception failure) when (failure.GetBaseException() is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The data folder {settings.Core.DataFolder} has no room for the server's keys, or is not writable.");
        }
        catch (Exception failure) when (Is<WrongSecretException>(failure))
        {
            throw new StartRefusedException(
                $"{SettingKeys.Secret.Name} ({SettingKeys.Secret.Variable}) is not the one that this database's keys were sealed with. Give the server that one: without it, what is stored encrypted stays closed.");
        }
    }

    private static bool Is<TException>(Exception? failure) where TException : Exception => failure is not null && (failure is TException || Is<TException>(failure.InnerException));
}
