using Calango.Core.Errors;
using Calango.Core.Localization;
using Calango.Core.Plugins;

namespace Calango.Web.Plugins;

/// <summary>
/// Puts a plugin that somebody works on into the server that runs for that, and puts it in anew each time that its sources
/// have changed. It is an update like any other, from within the server: there is no address to which code could be sent.
/// That it runs in this process is the author's own wish.
/// </summary>
internal sealed class PluginWorkshop(DevelopedPlugin plugin, PluginInstaller installer, Locales locales, TimeProvider clock) : BackgroundService
{
    // Files are looked at, not waited for: what tells of changes does so on some disks only.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        var tried = "";
        do
        {
            var sources = plugin.Fingerprint();
            if (sources != tried)
            {
                tried = sources;
                await TryAsync(stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        Say($"Building {plugin.Sources}");
        try
        {
            var (built, said) = await plugin.BuildAsync(cancellationToken);
            Say(built is null ? $"{said}\nIt does not build. What served before serves on." : await InstallAsync(built, cancellationToken));
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

    private async Task<string> InstallAsync(string built, CancellationToken cancellationToken)
    {
        var package = DevelopedPlugin.Pack(built, clock.GetUtcNow());
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

    private string Why(PluginOperation operation) => operation.Failure is { } failure
        ? Sentence(failure.Code, [.. failure.Arguments.Select(argument => (argument.Key, argument.Value))])
        : $"{operation.PluginId} was not installed.";

    private string Sentence(string code, IReadOnlyList<(string Name, string Value)> arguments) => locales.Text("en", $"error.{code}", [.. arguments]);

    private static void Say(string line) => Console.Out.WriteLine(line);
}
