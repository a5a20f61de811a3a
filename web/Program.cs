using Calango.Core.Data;
using Calango.Web.Hosting;
using Microsoft.AspNetCore.Connections;

try
{
    await using var app = CalangoHost.Build(args);
    try
    {
        await app.RunAsync();
    }
    catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
    {
        // Asked to stop before it had started.
    }

    return 0;
}
catch (Exception refusal) when (refusal is StartRefusedException or DatabaseRefusedException)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
catch (DatabaseUnavailableException unavailable)
{
    await Console.Error.WriteLineAsync($"The database cannot be opened: {unavailable.Reason}.");
    return 1;
}
catch (IOException failure) when (failure.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync($"{failure.Message} Stop what uses it, or name another address in CALANGO_URLS.");
    return 1;
}
catch (StorageFullException)
{
    await Console.Error.WriteLineAsync("The disk has no room for the database.");
    return 1;
}
