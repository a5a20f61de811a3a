using Calango.Core;
using Calango.Core.Errors;
using Calango.Core.Localization;
using Calango.Core.Plugins;

namespace Calango.Web.Plugins;

/// <summary>
/// Puts a plugin that somebody works on into the server that runs for that, and puts it in anew each time that its sources
/// have changed. It is an update like any other, from within the server: there is no address to which code could be sent.
/// The author trusts it: it runs in this process, unless its plugin.json wants it isolated.
/// </summary>
internal sealed class PluginWorkshop(DevelopedPlugin plugin, PluginInstaller installer, PluginTrust trust, CoreOptions options, Locales locales, TimeProvider clock) : BackgroundService
{
    private const string KeyFile = "workshop.key";

    // Files are looked at, not waited for: what tells of changes does so on some disks only.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        using var key = OwnKey();
        trust.Add(DevelopedPlugin.Publisher, key.PublicKey);
        var tried = "";
        do
        {
            var sources = plugin.Fingerprint();
            if (sources != tried)
            {
                tried = sources;
                await TryAsync(key, stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(PublisherKey key, CancellationToken cancellationToken)
    {
        Say($"Building {plugin.Sources}");
        try
        {
            var (built, said) = await plugin.BuildAsync(cancellationToken);
            Say(built is null ? $"{said}\nIt does not build. What served before serves on." : await InstallAsync(built, key, cancellationToken));
        }
        catch (RejectedException rejected)
        {
            Say($"{Sentence(rejected.Code, rejected.Arguments)} What served before serves on.");
        }
        catch (Exception failure) when (failure is PluginRejectedException or IOException or UnauthorizedAccessException)
        {
            Say($"{failure.Message.TrimEnd('.')}. What served before serves on.");
        }
    }

    private async Task<string> InstallAsync(string built, PublisherKey key, CancellationToken cancellationToken)
    {
        var package = DevelopedPlugin.Pack(built, clock.GetUtcNow(), key);
        try
        {
            PackageInspection inspected;
            await using (var file = File.OpenRead(package))
            {
                inspected = await installer.InspectAsync(file, cancellationToken);
            }

            var begun = installer.Install(new PluginConsent(inspected.Digest, inspected.Level, AcceptsInProcess: true));
            var ended = await installer.EndOfAsync(begun.Id, cancellationToken);
            return ended is { Outcome: PluginOutcome.Done } ? $"{ended.PluginId} {ended.Version} serves." : $"{Why(ended)} What served before serves on.";
        }
        finally
        {
            File.Delete(package);
        }
    }

    // The data folder's own: what was installed there before is the same publisher's.
    private PublisherKey OwnKey()
    {
        var path = Path.Combine(options.DataFolder, KeyFile);
        if (!File.Exists(path))
        {
            using var made = PublisherKey.Create();
            File.WriteAllText(path, made.ExportPrivatePem());
        }

        return PublisherKey.FromPrivatePem(File.ReadAllText(path));
    }

    private string Why(PluginOperation operation) => operation.Failure is { } failure
        ? Sentence(failure.Code, [.. failure.Arguments.Select(argument => (argument.Key, argument.Value))])
        : $"{operation.PluginId} was not installed.";

    private string Sentence(string code, IReadOnlyList<(string Name, string Value)> arguments) => locales.Text("en", $"error.{code}", [.. arguments]);

    private static void Say(string line) => Console.Out.WriteLine(line);
}
