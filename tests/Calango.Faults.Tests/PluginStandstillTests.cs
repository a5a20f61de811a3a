using System.Diagnostics;
using System.Reflection.Emit;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>A plugin in the server's process that does not come back takes nobody along: neither the server's start nor the person who asked it.</summary>
public sealed class PluginStandstillTests : IDisposable
{
    private const string SwitchedOn = "CALANGO_TEST_SPIN";

    private readonly PluginPackages _packages = new();
    private readonly PluginsFolder _plugins = new();
    private readonly PluginsFolder _builtIn = new();
    private readonly string _folder = TestFolders.NewTemporary("standstill");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public Task R22_A_call_that_does_not_come_back_ends_its_turn_with_a_sentence_and_the_plugins_card_says_what_is_left(DatabaseKind kind) => FaultRuns.RunAsync(kind, 1, async _ =>
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await InstallAsync(_packages.PackFolder(_plugins.AddUnruly("1.0.0", []), "unruly"));
        await using var server = await StartAsync(database);
        using var ana = server.Visit();
        var model = await Unruly.ConnectAsync(ana, betweenTokens: 2);

        var spinning = new PageReader(ana.Http, await Unruly.AskAsync(ana, model, "do spin"));
        await spinning.FollowToTheEndAsync(Cancelled);
        Assert.Equal("Interrupted", spinning.State);
        Assert.Contains("fell silent in the middle", spinning.FailureText, StringComparison.Ordinal);

        var hanging = new PageReader(ana.Http, await Unruly.AskAsync(ana, model, "do hang"));
        await hanging.FollowAsync(() => hanging.Text.StartsWith("Well:", StringComparison.Ordinal), cancellationToken: Cancelled);
        var since = Stopwatch.GetTimestamp();
        await ana.PostAsync($"/turns/{hanging.TurnId}/stop", Cancelled);
        await hanging.FollowToTheEndAsync(Cancelled);
        Assert.Equal("Stopped", hanging.State);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(4));

        var fine = new PageReader(ana.Http, await Unruly.AskAsync(ana, model, "say fine 3"));
        await fine.FollowToTheEndAsync(Cancelled);
        Assert.StartsWith("finefinefine", fine.Text, StringComparison.Ordinal);
        Assert.Contains("may go on in the server's process until the server is restarted", await Unruly.CardAsync(ana, "en"), StringComparison.Ordinal);
        Assert.Contains("até que este seja reiniciado", await Unruly.CardAsync(ana, "pt-BR"), StringComparison.Ordinal);

        await ana.PostAsync("/admin/plugins/unruly/service", Cancelled, ("_method", "DELETE"));
        await ana.PostAsync("/admin/plugins/unruly/service", Cancelled);
        await Eventually.HoldsAsync("its old code is shown", async () => (await Unruly.CardAsync(ana, "en")).Contains("Unloaded, but still in memory", StringComparison.Ordinal), Cancelled);
        Assert.Equal(0, await server.TerminateAsync(Cancelled));
        return [];
    });

    [EachDatabase]
    public Task R22_A_plugin_that_spins_in_its_start_is_refused_when_it_is_installed_and_keeps_no_server_from_starting(DatabaseKind kind) => FaultRuns.RunAsync(kind, 1, async _ =>
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var (refused, _) = await PluginChanger.RunAsync(_folder, Cancelled, "install", _packages.PackFolder(_plugins.AddUnruly("1.0.0", [], "start spin"), "unruly"));
        Assert.Contains("Install Failed", refused, StringComparison.Ordinal);

        _plugins.Emit("spinner", il =>
        {
            var (again, quiet) = (il.DefineLabel(), il.DefineLabel());
            il.Emit(OpCodes.Ldstr, SwitchedOn);
            il.Emit(OpCodes.Call, typeof(Environment).GetMethod("GetEnvironmentVariable", [typeof(string)])!);
            il.Emit(OpCodes.Brfalse, quiet);
            il.MarkLabel(again);
            il.Emit(OpCodes.Br, again);
            il.MarkLabel(quiet);
            il.Emit(OpCodes.Ret);
        });
        await InstallAsync(_packages.PackEmitted(_plugins, "spinner"));
        await using (var server = await StartAsync(database, new KeyValuePair<string, string?>(SwitchedOn, "1")))
        {
            using var ana = server.Visit();
            var card = (await ana.GetAsync("/admin/plugins", Cancelled)).QuerySelector("#plugin-spinner")!.TextContent;
            Assert.Contains("did not finish loading within 10 s (step: Load)", card, StringComparison.Ordinal);
            Assert.Equal(0, await server.TerminateAsync(Cancelled));
        }

        await using (var server = await StartAsync(database))
        {
            using var ana = server.Visit();
            Assert.Contains("Active", (await ana.GetAsync("/admin/plugins", Cancelled)).QuerySelector("#plugin-spinner")!.TextContent, StringComparison.Ordinal);
        }

        return [];
    });

    public void Dispose()
    {
        _packages.Dispose();
        _plugins.Dispose();
        _builtIn.Dispose();
        TestFolders.Delete(_folder);
    }

    private async Task InstallAsync(string package) => Assert.Contains("Install Done", (await PluginChanger.RunAsync(_folder, Cancelled, "install", package)).Output, StringComparison.Ordinal);

    private Task<ServerProcess> StartAsync(TestDatabase database, params KeyValuePair<string, string?>[] more) =>
        ServerProcess.StartAsync(database, _folder, [new("CALANGO_PLUGINS", _builtIn.Path), .. more]);
}
