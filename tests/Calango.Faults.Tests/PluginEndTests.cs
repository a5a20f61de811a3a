using System.Reflection.Emit;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>A plugin in the server's process ends that: whoever did it is named by the next start, and nobody else.</summary>
public sealed class PluginEndTests : IDisposable
{
    // Enough for a server that does next to nothing.
    private static readonly KeyValuePair<string, string?> LittleMemory = new("DOTNET_GCHeapHardLimit", "0x8000000");

    private static readonly Dictionary<string, (string English, string Portuguese)> Sentences = new()
    {
        ["failfast"] = ("at once (FailFast)", "de imediato (FailFast)"),
        ["overflow"] = ("with a stack overflow", "com um estouro de pilha"),
        ["exit"] = ("with an exit", "com uma saída (exit)"),
        ["devour"] = ("took so much memory", "tomou tanta memória"),
    };

    private readonly PluginPackages _packages = new();
    private readonly PluginsFolder _plugins = new();
    private readonly PluginsFolder _builtIn = new();
    private readonly string _folder = TestFolders.NewTemporary("ends");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public Task R22_A_plugin_that_ends_the_server_in_a_call_is_named_gives_way_to_the_version_before_and_its_turn_goes_on(DatabaseKind kind)
    {
        string[] deeds = kind == DatabaseKind.Sqlite ? ["failfast", "overflow", "devour", "exit"] : ["exit", "failfast", "overflow", "devour"];
        return FaultRuns.RunAsync(kind, FaultRuns.Count(brief: 2, full: 4), async run =>
        {
            var deed = deeds[(run - 1) % deeds.Length];
            await using var database = await TestDatabase.CreateAsync(kind);
            var folder = Path.Combine(_folder, deed);
            Directory.CreateDirectory(folder);
            await InstallAsync(folder, "1.0.0", "1.1.0");
            string model;
            await using (var server = await StartAsync(database, folder, deed == "devour" ? [LittleMemory] : []))
            {
                using var ana = server.Visit();
                model = await Unruly.ConnectAsync(ana);
                await ((Task)Unruly.AskAsync(ana, model, $"do {deed}")).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Assert.NotEqual(0, await server.ExitAsync(Cancelled));
            }

            await using var next = await StartAsync(database, folder);
            using var later = next.Visit();
            await AssertNamedAsync(next, later, deed, "1.1.0");
            Assert.StartsWith("1.0.0", await VersionOnCardAsync(later), StringComparison.Ordinal);
            var chat = (await later.GetAsync("/", Cancelled)).QuerySelector("a[href^='/chat/']")!.GetAttribute("href")!;
            await Eventually.HoldsAsync("the turn is interrupted", async () => new PageReader(later.Http, await later.GetAsync(chat, Cancelled)).State == "Interrupted", Cancelled);
            var cut = await later.GetAsync(chat, Cancelled);
            Assert.Contains($"/messages/{new PageReader(later.Http, cut).TurnId}/continuation", cut.DocumentElement.OuterHtml, StringComparison.Ordinal);
            var answer = new PageReader(later.Http, await Unruly.AskAsync(later, model, "say fine 3"));
            await answer.FollowToTheEndAsync(Cancelled);
            Assert.StartsWith("finefinefine", answer.Text, StringComparison.Ordinal);
            return Directory.GetFiles(Path.Combine(folder, "plugins", "last-words")).Length == 1 ? [] : ["what was said at the end is left"];
        });
    }

    [EachDatabase]
    public Task R22_A_plugin_that_ends_the_server_when_it_is_to_stop_is_named(DatabaseKind kind)
    {
        (string Deed, bool AtShutdown)[] cases = kind == DatabaseKind.Sqlite ? [("failfast", false), ("exit", true), ("overflow", true)] : [("overflow", false), ("exit", false), ("failfast", true)];
        return FaultRuns.RunAsync(kind, FaultRuns.Count(brief: 2, full: 3), async run =>
        {
            var (deed, atShutdown) = cases[(run - 1) % cases.Length];
            await using var database = await TestDatabase.CreateAsync(kind);
            var folder = Directory.CreateDirectory(Path.Combine(_folder, $"stop-{deed}")).FullName;
            var package = _packages.PackFolder(_plugins.AddUnruly($"1.{run}.0", [], $"stop {deed}"), "unruly");
            // Whoever has installed it ends with it, too, when that ends.
            Assert.Contains("Install Done", (await PluginChanger.RunAsync(folder, Cancelled, "install", package)).Output, StringComparison.Ordinal);
            foreach (var left in new[] { "last-words", "starting" }.SelectMany(what => Directory.GetFiles(Path.Combine(folder, "plugins", what))))
            {
                File.Delete(left);
            }

            await using (var server = await StartAsync(database, folder))
            {
                using var ana = server.Visit();
                await ana.GetAsync("/", Cancelled);
                if (!atShutdown)
                {
                    await ((Task)ana.PostAsync("/admin/plugins/unruly/service", Cancelled, ("_method", "DELETE"))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                Assert.NotEqual(0, atShutdown ? await server.TerminateAsync(Cancelled) : await server.ExitAsync(Cancelled));
            }

            await using var next = await StartAsync(database, folder);
            using var later = next.Visit();
            await AssertNamedAsync(next, later, deed, $"1.{run}.0");
            return [];
        });
    }

    [EachDatabase]
    public Task R22_What_is_said_at_the_end_is_heard_after_much_else_was_and_of_that_the_last_is_kept(DatabaseKind kind) => FaultRuns.RunAsync(kind, 1, async _ =>
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await InstallAsync(_folder, "1.0.0", "1.1.0");
        var said = Path.Combine(_folder, "plugins", "last-words");
        await using (var server = await StartAsync(database, _folder))
        {
            using var ana = server.Visit();
            var model = await Unruly.ConnectAsync(ana);
            await new PageReader(ana.Http, await Unruly.AskAsync(ana, model, "do shout")).FollowToTheEndAsync(Cancelled);
            await Eventually.HoldsAsync("all of it was passed on", () => Task.FromResult(server.Log.Count(IsShout) == 200_000), Cancelled);
            Assert.InRange(Directory.GetFiles(said).Sum(file => new FileInfo(file).Length), 4_000_000, 13_000_000);
            await ((Task)Unruly.AskAsync(ana, model, "do overflow")).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.NotEqual(0, await server.ExitAsync(Cancelled));
        }

        await using var next = await StartAsync(database, _folder);
        using var later = next.Visit();
        await AssertNamedAsync(next, later, "overflow", "1.1.0");
        return Directory.GetFiles(said).Length == 1 ? [] : ["what was said at the end is left"];

        static bool IsShout(string line) => line.EndsWith("aaaaaaaaaa", StringComparison.Ordinal);
    });

    [EachDatabase]
    public Task R22_Whoever_kills_the_server_in_a_call_of_a_plugin_or_in_its_start_accuses_nobody(DatabaseKind kind) => FaultRuns.RunAsync(kind, 1, async _ =>
    {
        const string switchedOn = "CALANGO_TEST_HANG";
        _plugins.Emit("sleeper", il =>
        {
            var quick = il.DefineLabel();
            il.Emit(OpCodes.Ldstr, switchedOn);
            il.Emit(OpCodes.Call, typeof(Environment).GetMethod("GetEnvironmentVariable", [typeof(string)])!);
            il.Emit(OpCodes.Brfalse, quick);
            il.Emit(OpCodes.Ldc_I4_M1);
            il.Emit(OpCodes.Call, typeof(Thread).GetMethod("Sleep", [typeof(int)])!);
            il.MarkLabel(quick);
            il.Emit(OpCodes.Ret);
        });
        await using var database = await TestDatabase.CreateAsync(kind);
        var sleeper = _packages.PackEmitted(_plugins, "sleeper");
        await InstallAsync(_folder, "1.0.0", "1.1.0");
        Assert.Contains("Install Done", (await PluginChanger.RunAsync(_folder, Cancelled, "install", sleeper)).Output, StringComparison.Ordinal);
        var quarantine = Path.Combine(_folder, "plugins", "quarantine.json");
        await using (var server = await StartAsync(database, _folder))
        {
            using var ana = server.Visit();
            var waiting = new PageReader(ana.Http, await Unruly.AskAsync(ana, await Unruly.ConnectAsync(ana), "wait"));
            await Eventually.HoldsAsync("the plugin is in the call", async () =>
            {
                await waiting.ReloadAsync(Cancelled);
                return waiting.Text.StartsWith("Well:", StringComparison.Ordinal);
            }, Cancelled);
            await server.KillAsync();
        }

        await KillInStartAsync();
        await using (var server = await StartAsync(database, _folder))
        {
            using var ana = server.Visit();
            Assert.StartsWith("1.1.0", await VersionOnCardAsync(ana), StringComparison.Ordinal);
            Assert.False(File.Exists(quarantine));
        }

        // Once is chance.
        await KillInStartAsync();
        await KillInStartAsync();
        await using (var server = await StartAsync(database, _folder))
        {
            Assert.Contains("sleeper", await File.ReadAllTextAsync(quarantine, Cancelled), StringComparison.Ordinal);
            Assert.DoesNotContain("unruly", await File.ReadAllTextAsync(quarantine, Cancelled), StringComparison.Ordinal);
        }

        return [];

        Task KillInStartAsync()
        {
            var before = StartOfSleeper();
            return ServerProcess.KillWhileStartingAsync(
                database, _folder,
                () => Eventually.HoldsAsync("it is being started", () => Task.FromResult(StartOfSleeper() is { } mark && mark != before), Cancelled),
                [new("CALANGO_PLUGINS", _builtIn.Path), new(switchedOn, "1")]);
        }
    });

    public void Dispose()
    {
        _packages.Dispose();
        _plugins.Dispose();
        _builtIn.Dispose();
        TestFolders.Delete(_folder);
    }

    // When it began to be started, if it has not ended.
    private DateTime? StartOfSleeper() =>
        // What is gone by the time that it is looked at would have a time of its own, of 1601.
        Directory.GetFiles(Path.Combine(_folder, "plugins", "starting"), "sleeper@*@Start") is [var mark] && new FileInfo(mark) is { Exists: true } file ? file.LastWriteTimeUtc : null;

    private static async Task AssertNamedAsync(ServerProcess next, Visitor visitor, string deed, string version)
    {
        Assert.Contains(next.Log, line => line.Contains($"The plugin unruly {version}", StringComparison.Ordinal) && line.Contains("it is in quarantine", StringComparison.Ordinal));
        var (english, portuguese) = Sentences[deed];
        Assert.Contains(english, await Unruly.CardAsync(visitor, "en"), StringComparison.Ordinal);
        Assert.Contains(portuguese, await Unruly.CardAsync(visitor, "pt-BR"), StringComparison.Ordinal);
    }

    private static async Task<string> VersionOnCardAsync(Visitor visitor) =>
        (await visitor.GetAsync("/admin/plugins", Cancelled)).QuerySelector("#plugin-unruly small")!.TextContent;

    private async Task InstallAsync(string folder, params string[] versions)
    {
        foreach (var version in versions)
        {
            var package = _packages.PackFolder(_plugins.AddUnruly(version, []), $"unruly-{version}");
            Assert.Contains("Done", (await PluginChanger.RunAsync(folder, Cancelled, "install", package)).Output, StringComparison.Ordinal);
            TestFolders.Delete(Path.Combine(_plugins.Path, $"unruly-{version}"));
        }
    }

    private Task<ServerProcess> StartAsync(TestDatabase database, string folder, params KeyValuePair<string, string?>[] more) =>
        ServerProcess.StartAsync(database, folder, [new("CALANGO_PLUGINS", _builtIn.Path), .. more]);
}
