using Calango.Core.Data;
using Calango.Web.Hosting;

try
{
    await using var app = CalangoHost.Build(args);
    await app.RunAsync();
    return 0;
}
catch (Exception refusal) when (refusal is StartRefusedException or DatabaseRefusedException)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
