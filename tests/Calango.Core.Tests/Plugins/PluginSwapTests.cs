using System.Collections.Concurrent;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.AI;

namespace Calango.Core.Tests.Plugins;

public sealed class PluginSwapTests : IAsyncLifetime
{
    private readonly PluginsFolder _start = new();
    private readonly PluginsFolder _later = new();
    private readonly ConcurrentQueue<PluginStep> _steps = [];
    private TestKernel _kernel = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private PluginHost Host => _kernel.Get<PluginHost>();

    private PluginStatus Echo => Host.Plugins.Single(plugin => plugin.Id == "echo");

    public async ValueTask InitializeAsync()
    {
        _start.CopyBuilt("echo", "1.0.0");
        _kernel = await TestKernel.StartAsync(plugins: _start.Path, loadLimit: TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task New_calls_go_to_the_new_version_while_those_that_run_end_with_the_old()
    {
        var turn = Guid.CreateVersion7();
        var lease = Host.LeaseProvider("echo", turn)!;
        var answer = Begin(lease, "/wait one two");
        Assert.True(await answer.MoveNextAsync());

        await ActivateAsync("2.0.0");

        Assert.Equal(("2.0.0", PluginState.Active), (Echo.Manifest!.Version, Echo.State));
        Assert.Equal([new PluginGenerationStatus("1.0.0", PluginState.Draining, 1)], Echo.Others);
        using (var newer = Host.LeaseProvider("echo")!)
        {
            Assert.Equal("2.0.0", newer.Generation.Manifest.Version);
        }

        Assert.True(await answer.MoveNextAsync());
        Assert.Equal(" two", answer.Current.Text);
        answer = null!;
        lease.Dispose();
        await HoldsAsync("the old versions are gone", () => Echo.Others.Count == 0);
        Assert.Equal((1, true), (Echo.Turns, Echo.Calls > 1));
        Assert.Equal(
            ["2.0.0 Load", "2.0.0 Start", "2.0.0 Health", "2.0.0 Activate", "1.0.0 Drain", "1.0.0 Unload"],
            _steps.Where(step => step.Took is not null).Select(step => $"{step.Version} {step.Name}"));
        Assert.All(_steps, step => Assert.Null(step.Reason));
    }

    [Fact]
    public async Task A_version_that_fails_before_it_serves_leaves_the_old_one_serving_and_says_why()
    {
        foreach (var (version, register, reason) in BadVersions())
        {
            _steps.Clear();
            var rejected = await Assert.ThrowsAsync<PluginRejectedException>(() => ActivateEmittedAsync(version, register));

            Assert.Contains(reason, rejected.Message, StringComparison.Ordinal);
            Assert.Contains(reason, Echo.Reason, StringComparison.Ordinal);
            Assert.Contains(reason, _steps.Last().Reason, StringComparison.Ordinal);
            Assert.Equal(("1.0.0", PluginState.Active), (Echo.Manifest!.Version, Echo.State));
            using var lease = Host.LeaseProvider("echo")!;
            Assert.Equal("1.0.0", lease.Generation.Manifest.Version);
        }

        await ActivateAsync("2.0.0");
        Assert.Null(Echo.Reason);
    }

    [Fact]
    public async Task A_plugin_that_is_new_gets_a_place_and_one_that_clashes_does_not()
    {
        await Host.DeactivateAsync("echo", now: false, _steps.Enqueue, TestEnd);
        Assert.Equal((PluginState.Unloaded, 0), (Echo.State, Host.Providers.Count));
        var another = _later.CopyBuilt("echo", "3.0.0");
        var manifest = Path.Combine(another, "plugin.json");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest, TestEnd)).Replace("\"id\": \"echo\"", "\"id\": \"another\"", StringComparison.Ordinal), TestEnd);

        await Host.ActivateAsync(another, PluginManifest.Read(another), isIsolated: false, _steps.Enqueue, TestEnd);

        Assert.Equal(["another"], Host.Providers.Select(provider => provider.PluginId));
        var clash = await Assert.ThrowsAsync<PluginRejectedException>(() => ActivateAsync("4.0.0"));
        Assert.Contains("another plugin has the provider 'echo'", clash.Message, StringComparison.Ordinal);
        Assert.Equal(PluginState.Failed, Echo.State);
    }

    [Fact]
    public async Task A_plugin_that_must_go_now_takes_its_turns_along_and_names_them()
    {
        var (turn, older) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var first = Host.LeaseProvider("echo", older)!;
        await ActivateAsync("2.0.0");
        using var lease = Host.LeaseProvider("echo", turn)!;
        var answer = Begin(lease, "/wait one");
        Assert.True(await answer.MoveNextAsync());
        var more = answer.MoveNextAsync().AsTask();

        var stopping = Host.DeactivateAsync("echo", now: true, _steps.Enqueue, TestEnd);

        Assert.Equal(PluginFault.StoppedType, (await Assert.ThrowsAsync<PluginFault>(() => more)).ExceptionType);
        Assert.Null(Host.LeaseProvider("echo"));
        (answer, more) = (null!, null!);
        lease.Dispose();
        first.Dispose();
        Assert.Equal(new[] { turn, older }.Order(), (await stopping).Order());
        await HoldsAsync("all are gone", () => Echo.State == PluginState.Unloaded);
    }

    [Fact]
    public async Task A_fifth_swap_waits_until_one_of_four_old_versions_has_ended()
    {
        var leases = new List<PluginLease>();
        for (var swap = 1; swap <= PluginSlot.MostDraining; swap++)
        {
            leases.Add(Host.LeaseProvider("echo")!);
            await ActivateAsync($"2.0.{swap}");
        }

        leases.Add(Host.LeaseProvider("echo")!);
        var fifth = ActivateAsync("3.0.0");
        await HoldsAsync("the fifth says that it waits", () => _steps.Any(step => step is { Version: "3.0.0", Name: PluginStepName.Activate, Reason: { } reason } && reason.Contains("waits", StringComparison.Ordinal)));

        Assert.False(fifth.IsCompleted);
        Assert.Equal("2.0.4", Echo.Manifest!.Version);
        leases[2].Dispose();
        await fifth;
        Assert.Equal("3.0.0", Echo.Manifest!.Version);
        leases.ForEach(lease => lease.Dispose());
        await HoldsAsync("the old versions are gone", () => Echo.Others.Count == 0);
    }

    [Fact]
    public async Task What_outlives_its_unloading_is_shown_until_it_is_gone()
    {
        var held = HoldOneOfItsObjects();

        await ActivateAsync("2.0.0");

        await HoldsAsync("the old version is a zombie", () => Echo.Others is [{ State: PluginState.Zombie }]);
        Assert.Contains("still holds", _steps.Last().Reason, StringComparison.Ordinal);
        held.SetTarget(null!);
        GC.KeepAlive(held);
        await HoldsAsync("the zombie is gone", () =>
        {
            GC.Collect();
            return Echo.Others.Count == 0;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _kernel.DisposeAsync();
        _start.Dispose();
        _later.Dispose();
    }

    private static Task HoldsAsync(string what, Func<bool> condition) =>
        Eventually.HoldsAsync(what, () => Task.FromResult(condition()), TestEnd);

    private static IEnumerable<(string Version, Action<ILGenerator> Register, string Reason)> BadVersions()
    {
        yield return ("9.0.0", il =>
        {
            il.Emit(OpCodes.Ldstr, "no luck today");
            il.Emit(OpCodes.Newobj, typeof(InvalidOperationException).GetConstructor([typeof(string)])!);
            il.Emit(OpCodes.Throw);
        }, "no luck today");
        yield return ("9.0.1", il =>
        {
            il.Emit(OpCodes.Ldc_I4_M1);
            il.Emit(OpCodes.Call, typeof(Thread).GetMethod("Sleep", [typeof(int)])!);
            il.Emit(OpCodes.Ret);
        }, "did not finish loading");
    }

    private static IAsyncEnumerator<ChatResponseUpdate> Begin(PluginLease lease, string text) =>
        lease.Provider("echo").Connect("echo", new SettingsValues(new Dictionary<string, string>()))
            .GetStreamingResponseAsync([new ChatMessage(ChatRole.User, text)], cancellationToken: TestEnd).GetAsyncEnumerator(TestEnd);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Holder HoldOneOfItsObjects()
    {
        using var lease = Host.LeaseProvider("echo")!;
        return new Holder(lease.Provider("echo"));
    }

    private Task ActivateAsync(string version)
    {
        var folder = _later.CopyBuilt("echo", version);
        return Host.ActivateAsync(folder, PluginManifest.Read(folder), isIsolated: false, _steps.Enqueue, TestEnd);
    }

    private Task ActivateEmittedAsync(string version, Action<ILGenerator> register)
    {
        var id = $"emitted-{version}".Replace('.', '-');
        _later.Emit(id, register, PluginsFolder.Manifest(id).Replace("\"1.0.0\"", $"\"{version}\"", StringComparison.Ordinal).Replace($"\"id\":\"{id}\"", "\"id\":\"echo\"", StringComparison.Ordinal));
        var folder = Path.Combine(_later.Path, id);
        return Host.ActivateAsync(folder, PluginManifest.Read(folder), isIsolated: false, _steps.Enqueue, TestEnd);
    }

    private sealed class Holder(object? target)
    {
        private object? _target = target;

        public void SetTarget(object? other) => _target = other;

        public override string ToString() => $"{_target}";
    }
}
