using Calango.Core.Data;
using Calango.Web.Hosting;

try
{
    await using var app = CalangoHost.Build(args);
    if (await WaitingRoom.WaitForDatabaseAsync(app))
    {
        await app.RunAsync();
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
catch (StorageFullException)
{
    await Console.Error.WriteLineAsync("The disk has no room for the database.");
    return 1;
}
