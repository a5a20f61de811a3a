using System.Reflection.Emit;
using System.Text.Json;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>Whenever the process ends while plugins are changed, there is the old or the new, never half of either.</summary>
public sealed class PluginStoreTests : IDisposable
{
    private readonly PluginPackages _packages = new();
    private readonly PluginsFolder _builtIn = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task R23_A_change_of_plugins_that_is_killed_leaves_the_old_or_the_new(DatabaseKind kind)
    {
        var (first, second) = (_packages.Pack("1.0.0"), _packages.Pack("1.1.0"));
        (string[] Before, string[] Change, string?[] Allowed)[] cases =
        [
            ([], ["install", first], [null, "1.0.0"]),
            (["install", first], ["install", second], ["1.0.0", "1.1.0"]),
            (["install", first, "install", second], ["rollback", "echo"], ["1.1.0", "1.0.0"]),
            (["install", first, "install", second], ["remove", "echo"], ["1.1.0", null]),
        ];
        var (inTime, next) = (0, Random.Shared.Next(cases.Length));
        await FaultRuns.RunAsync(kind, FaultRuns.Count(brief: 2, full: 50), async run =>
        {
            var (before, change, allowed) = cases[(next + run) % cases.Length];
            await using var database = await TestDatabase.CreateAsync(kind);
            var folder = TestFolders.NewTemporary("store");
            var after = Random.Shared.Next(0, change[0] == "install" ? 450 : 250);
            await PluginChanger.RunAsync(folder, Cancelled, before);
            inTime += await PluginChanger.KillAsync(folder, after, Cancelled, change) ? 1 : 0;
            TestContext.Current.TestOutputHelper?.WriteLine($"{change[0]} killed after {after} ms; {inTime} of {run} in mid-work");
            var breaks = await BreaksAsync(database, folder, allowed);
            TestFolders.Delete(folder);
            return [.. breaks.Select(line => $"{line} ({change[0]} killed after {after} ms)")];
        });
    }

    [EachDatabase]
    public async Task R22_A_plugin_that_ends_the_process_while_it_starts_is_named_and_left_out_by_the_next_start(DatabaseKind kind)
    {
        const string switchedOn = "CALANGO_TEST_CRASH";
        using var emitted = new PluginsFolder();
        emitted.Emit("bomber", il =>
        {
            var quiet = il.DefineLabel();
            il.Emit(OpCodes.Ldstr, switchedOn);
            il.Emit(OpCodes.Call, typeof(Environment).GetMethod("GetEnvironmentVariable", [typeof(string)])!);
            il.Emit(OpCodes.Brfalse, quiet);
            il.Emit(OpCodes.Ldstr, "on purpose");
            il.Emit(OpCodes.Call, typeof(Environment).GetMethod("FailFast", [typeof(string)])!);
            il.MarkLabel(quiet);
            il.Emit(OpCodes.Ret);
        });
        var package = _packages.PackEmitted(emitted, "bomber");
        await FaultRuns.RunAsync(kind, 1, async _ =>
        {
            await using var database = await TestDatabase.CreateAsync(kind);
            var folder = TestFolders.NewTemporary("store");
            Assert.Contains("Install Done", (await PluginChanger.RunAsync(folder, Cancelled, "install", package)).Output, StringComparison.Ordinal);

            await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(database, folder, (switchedOn, "1")));
            await using (var server = await StartAsync(database, folder, (switchedOn, "1")))
            {
                Assert.Contains(server.Log, line => line.Contains("bomber", StringComparison.Ordinal) && line.Contains("quarantine", StringComparison.Ordinal));
                using var visitor = server.Visit();
                await visitor.GetAsync("/", Cancelled);
            }

            TestFolders.Delete(folder);
            return [];
        });
    }

    [EachDatabase]
    public Task R22_A_package_that_ends_the_process_while_it_is_installed_is_named_by_the_next_start_and_is_not_there(DatabaseKind kind)
    {
        (string Deed, string Place)[] cases = [("failfast", "load"), ("exit", "start"), ("overflow", "health"), ("failfast", "start"), ("exit", "health"), ("overflow", "load"), ("failfast", "health"), ("exit", "load"), ("overflow", "start"), ("devour", "start")];
        return FaultRuns.RunAsync(kind, FaultRuns.Count(brief: 3, full: cases.Length), async run =>
        {
            var (deed, place) = cases[run % cases.Length];
            using var unruly = new PluginsFolder();
            var package = _packages.PackFolder(unruly.AddUnruly("1.0.0", [], $"{place} {deed}"), "unruly");
            await using var database = await TestDatabase.CreateAsync(kind);
            var folder = TestFolders.NewTemporary("store");
            Assert.NotEqual(0, (await PluginChanger.RunAsync(folder, Cancelled, "install", package)).ExitCode);
            await using (var server = await StartAsync(database, folder))
            {
                Assert.Contains(server.Log, line => line.Contains("unruly", StringComparison.Ordinal) && line.Contains("quarantine", StringComparison.Ordinal));
                using var visitor = server.Visit();
                Assert.Contains("unruly", (await visitor.GetAsync("/admin/plugins", Cancelled)).Body!.TextContent, StringComparison.Ordinal);
            }

            var left = Directory.Exists(Path.Combine(folder, "plugins", "store", "unruly"));
            TestFolders.Delete(folder);
            return left ? [$"{deed} at {place}: its files are left"] : [];
        });
    }

    public void Dispose()
    {
        _packages.Dispose();
        _builtIn.Dispose();
    }

    private async Task<IReadOnlyList<string>> BreaksAsync(TestDatabase database, string folder, string?[] allowed)
    {
        var breaks = new List<string>();
        await using var server = await StartAsync(database, folder);
        using var visitor = server.Visit();
        var page = await visitor.GetAsync("/models/connections/new?provider=echo", Cancelled);
        var serves = page.QuerySelector("a.chip[href*='provider=echo']") is not null;
        var (current, kept) = State(folder);
        if (!allowed.Contains(current))
        {
            breaks.Add($"it is at {current ?? "nothing"}");
        }

        if (serves != (current is not null))
        {
            breaks.Add($"it is at {current ?? "nothing"}, and it does {(serves ? "" : "not ")}serve");
        }

        var root = Path.Combine(folder, "plugins");
        var store = Path.Combine(root, "store", "echo");
        var there = Directory.Exists(store) ? Directory.GetDirectories(store).Select(Path.GetFileName).Order().ToList() : [];
        breaks.AddRange(there.Except(kept).Select(version => $"{version} is left in the store"));
        breaks.AddRange(kept.Except(there).Select(version => $"{version} is missing in the store"));
        breaks.AddRange(Directory.GetFileSystemEntries(Path.Combine(root, ".staging")).Select(path => $"{path} is left"));
        breaks.AddRange(Directory.GetFiles(Path.Combine(root, "history")).Where(path => File.ReadAllText(path).Contains("\"Running\"", StringComparison.Ordinal)).Select(path => $"{path} still runs"));
        return breaks;
    }

    private static (string? Current, IReadOnlyList<string?> Kept) State(string folder)
    {
        var path = Path.Combine(folder, "plugins", "state", "echo.json");
        if (!File.Exists(path))
        {
            return (null, []);
        }

        using var state = JsonDocument.Parse(File.ReadAllText(path));
        string? Read(string name) => state.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
        return (Read("current")?.Split('-')[0], [.. new[] { Read("current"), Read("previous") }.OfType<string>()]);
    }

    private Task<ServerProcess> StartAsync(TestDatabase database, string folder, params (string Name, string Value)[] more) => ServerProcess.StartAsync(
        database, folder, [new("CALANGO_PLUGINS", _builtIn.Path), .. more.Select(variable => KeyValuePair.Create(variable.Name, (string?)variable.Value))]);
}
