using Calango.Core;
using Calango.Core.Data;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

// Calango.Tests.PluginChanger LOCALES DATA COMMAND...: loads the plugins of a data folder, says "ready", and at a line on its standard
// input does what it is told: "install PACKAGE" (an update, too), "rollback ID", "remove ID"; "ask TEXT" asks the
// plugin that misbehaves. It says how each ended.
var options = new CoreOptions { DataFolder = args[1], PluginsFolder = "", LocalesFolder = args[0], Database = new DatabaseOptions { SqlitePath = "" } };
await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddCalangoCore(options).BuildServiceProvider();
var host = services.GetRequiredService<PluginHost>();
host.WatchProcess();
await host.StartAsync(CancellationToken.None);
var installer = services.GetRequiredService<PluginInstaller>();
Console.WriteLine("ready");
await Console.In.ReadLineAsync();
foreach (var command in args.Skip(2).Chunk(2))
{
    if (command is ["ask", var text])
    {
        Console.WriteLine(await AskAsync(text));
        continue;
    }

    var operation = command switch
    {
        ["install", var package] => await InstallAsync(package),
        ["rollback", var id] => installer.RollBack(id),
        ["remove", var id] => installer.Remove(id, withData: true),
        _ => throw new ArgumentException(command[0]),
    };
    var ended = await installer.EndOfAsync(operation.Id, CancellationToken.None);
    Console.WriteLine($"{ended.Kind} {ended.Outcome} {ended.Failure?.Code}");
}

async Task<string> AskAsync(string text)
{
    using var lease = services.GetRequiredService<PluginHost>().LeaseProvider("unruly")!;
    var client = lease.Generation.Providers.Single().Connect("unruly", new SettingsValues(new Dictionary<string, string>()));
    return (await client.GetResponseAsync(text)).Text;
}

async Task<PluginOperation> InstallAsync(string package)
{
    await using var file = File.OpenRead(package);
    var inspected = await installer.InspectAsync(file, CancellationToken.None);
    return installer.Install(new PluginConsent(inspected.Digest, inspected.Level, AcceptsInProcess: true));
}
