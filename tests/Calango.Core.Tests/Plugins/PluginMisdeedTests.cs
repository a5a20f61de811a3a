using System.Diagnostics;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Calango.Tests.UnrulyDouble;
using Microsoft.Extensions.AI;

namespace Calango.Core.Tests.Plugins;

/// <summary>What a plugin in the server's process does there that doesn't end it: whoever needs something of the plugin goes without, and all else goes on.</summary>
public sealed class PluginMisdeedTests : IAsyncLifetime
{
    private readonly PluginsFolder _start = new();
    private readonly PluginsFolder _later = new();
    private readonly ManualTime _time = new();
    private TestKernel _kernel = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private PluginHost Host => _kernel.Get<PluginHost>();

    private PluginStatus Unruly => Host.Plugins.Single(plugin => plugin.Id == UnrulyProvider.ProviderId);

    public async ValueTask InitializeAsync() => _kernel = await TestKernel.StartAsync(plugins: _start.Path, loadLimit: TimeSpan.FromSeconds(4), clock: _time);

    public async ValueTask DisposeAsync()
    {
        // Without its folder nothing spins any more.
        _later.Dispose();
        await _kernel.DisposeAsync();
        _start.Dispose();
    }

    [Theory]
    [InlineData("load")]
    [InlineData("start")]
    [InlineData("health")]
    public async Task R22_Whatever_it_does_before_it_serves_the_version_before_goes_on(string place)
    {
        await ActivateAsync("1.0.0");
        var version = 0;
        foreach (var (deed, reason) in new[] { ("throw", nameof(InvalidOperationException)), ("hang", "did not finish loading"), ("spin", "did not finish loading") })
        {
            var rejected = await Assert.ThrowsAsync<PluginRejectedException>(() => ActivateAsync($"2.0.{version++}", $"{place} {deed}"));
            Assert.Contains(reason, rejected.Message, StringComparison.Ordinal);
            Assert.Equal(deed != "throw", rejected.Message.Contains("until the server is restarted", StringComparison.Ordinal));
            Assert.Equal(("1.0.0", PluginState.Active, rejected.Message), (Unruly.Manifest!.Version, Unruly.State, Unruly.Reason));
            Assert.Equal("what?", await AnswerAsync("nonsense"));
        }

        await ActivateAsync("3.0.0");
        Assert.Equal(("3.0.0", null), (Unruly.Manifest!.Version, Unruly.Reason));
    }

    [Fact]
    public async Task R22_Whatever_it_does_when_it_is_to_stop_new_versions_serve_and_what_is_left_of_it_is_shown()
    {
        var steps = new List<PluginStep>();
        string[] deeds = ["throw", "wait", "hang", "spin"];
        foreach (var (deed, number) in deeds.Select((deed, number) => (deed, number)))
        {
            await ActivateAsync($"1.{number}.0", [$"stop {deed}"], Note);
        }

        await ActivateAsync("2.0.0", [], Note);
        Assert.Equal("what?", await AnswerAsync("nonsense"));
        await Eventually.HoldsAsync("they are at it", () => Task.FromResult(IsStopping("1.2.0") && IsStopping("1.3.0")), TestEnd);
        await Eventually.HoldsAsync("all have ended", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(31));
            return Task.FromResult(deeds.Length == Reasons().Count);
        }, TestEnd);
        var reasons = Reasons();
        Assert.Equal("it failed to stop: System.InvalidOperationException", reasons["1.0.0"]);
        Assert.Equal("it did not stop within 30 s", reasons["1.1.0"]);
        Assert.Equal("it did not stop within 30 s; something still holds its code in memory", reasons["1.2.0"]);
        Assert.Equal("it did not stop within 30 s; something still holds its code in memory", reasons["1.3.0"]);
        Assert.Equal(["1.2.0 Zombie", "1.3.0 Zombie"], Unruly.Others.Select(other => $"{other.Version} {other.State}"));
        Assert.Equal("what?", await AnswerAsync("nonsense"));

        Dictionary<string, string?> Reasons()
        {
            lock (steps)
            {
                return steps.Where(step => step is { Name: PluginStepName.Unload, Took: not null }).ToDictionary(step => step.Version, step => step.Reason);
            }
        }

        void Note(PluginStep step)
        {
            lock (steps)
            {
                steps.Add(step);
            }
        }
    }

    [Fact]
    public async Task R22_A_server_that_ends_waits_for_a_plugin_that_does_not_stop_but_not_for_ever()
    {
        await ActivateAsync("1.0.0", "stop hang");
        var since = Stopwatch.GetTimestamp();
        await _kernel.StopAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task R22_A_call_that_throws_fails_and_others_do_not()
    {
        await ActivateAsync("1.0.0");
        var failed = await Assert.ThrowsAsync<PluginFault>(() => AnswerAsync("do throw"));
        Assert.Equal(typeof(InvalidOperationException).FullName, failed.ExceptionType);
        Assert.Equal((PluginErrorKind.Failed, failed.ExceptionType), (Unruly.LastError!.Kind, Unruly.LastError.What));
        Assert.Equal("what?", await AnswerAsync("nonsense"));
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("deaf")]
    [InlineData("do hang")]
    [InlineData("do spin")]
    public async Task R22_A_call_that_is_given_up_ends_soon_for_whoever_made_it(string asked)
    {
        await ActivateAsync("1.0.0");
        await GiveUpAsync(asked);
        Assert.Equal("what?", await AnswerAsync("nonsense"));
        Assert.Equal(asked == "wait" ? null : PluginErrorKind.LeftBehind, Unruly.LastError?.Kind);
        Assert.Equal((PluginState.Active, 0), (Unruly.State, Unruly.Running));
    }

    [Fact]
    public async Task R22_A_call_that_never_comes_back_keeps_the_code_in_memory_and_nobody_waiting()
    {
        await ActivateAsync("1.0.0");
        await GiveUpAsync("do hang");
        await GiveUpAsync("do spin");
        await Host.DeactivateAsync(UnrulyProvider.ProviderId, now: false, _ => { }, TestEnd);
        Assert.Equal(PluginState.Zombie, Unruly.State);
        await ActivateAsync("1.1.0");
        Assert.Equal("what?", await AnswerAsync("nonsense"));
    }

    [Fact]
    public async Task R22_A_call_that_comes_back_late_is_tidied_up_and_its_code_leaves()
    {
        await ActivateAsync("1.0.0");
        await GiveUpAsync("do spin");
        File.Delete(Path.Combine(_later.Path, "unruly-1.0.0", "unruly.txt"));
        await Host.DeactivateAsync(UnrulyProvider.ProviderId, now: false, _ => { }, TestEnd);
        await Eventually.HoldsAsync("it is gone", () => Task.FromResult(Unruly.State == PluginState.Unloaded), TestEnd);
    }

    private bool IsStopping(string version) => AppContext.GetData(Path.Combine(_later.Path, $"unruly-{version}", "unruly.txt")) is "stop";

    private async Task GiveUpAsync(string asked)
    {
        using var lease = Host.LeaseProvider(UnrulyProvider.ProviderId)!;
        using var given = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        await using var answer = Connect(lease).GetStreamingResponseAsync(asked, cancellationToken: given.Token).GetAsyncEnumerator(given.Token);
        Assert.True(await answer.MoveNextAsync());
        var next = answer.MoveNextAsync().AsTask();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(3), TestEnd));
    }

    private Task ActivateAsync(string version, params string[] misdeeds) => ActivateAsync(version, misdeeds, _ => { });

    private Task ActivateAsync(string version, string[] misdeeds, Action<PluginStep> report)
    {
        var folder = _later.AddUnruly(version, [], misdeeds);
        return Host.ActivateAsync(folder, PluginManifest.Read(folder), isIsolated: false, report, TestEnd);
    }

    private static IChatClient Connect(PluginLease lease) => lease.Provider(UnrulyProvider.ProviderId).Connect(UnrulyProvider.ModelId, new SettingsValues(new Dictionary<string, string>()));

    private async Task<string> AnswerAsync(string text)
    {
        using var lease = Host.LeaseProvider(UnrulyProvider.ProviderId)!;
        var updates = await Connect(lease).GetStreamingResponseAsync(text, cancellationToken: TestEnd).ToListAsync(TestEnd);
        return string.Concat(updates.Select(update => update.Text))["Well: ".Length..];
    }
}
