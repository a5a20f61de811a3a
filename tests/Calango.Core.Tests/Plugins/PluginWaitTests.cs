using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

/// <summary>An update that must wait for older versions to end keeps nobody else waiting.</summary>
public sealed class PluginWaitTests : IAsyncLifetime
{
    private readonly PluginPackages _packages = new();
    private readonly PluginsFolder _builtIn = new();
    private readonly List<PluginLease> _leases = [];
    private TestKernel _kernel = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PluginInstaller Installer => _kernel.Get<PluginInstaller>();

    private PluginStatus Echo => _kernel.Get<PluginHost>().Plugins.Single(plugin => plugin.Id == "echo");

    private string Marks => Path.Combine(_kernel.Folder, "plugins", "starting");

    public async ValueTask InitializeAsync()
    {
        _kernel = await TestKernel.StartAsync(plugins: _builtIn.Path);
        await DoneAsync(await InstallAsync("1.0.0", "tools"));
    }

    public async ValueTask DisposeAsync()
    {
        _leases.ForEach(lease => lease.Dispose());
        await _kernel.DisposeAsync();
        _builtIn.Dispose();
        _packages.Dispose();
    }

    [Fact]
    public async Task Others_are_switched_and_installed_meanwhile_and_it_goes_on_once_there_is_a_place()
    {
        var fifth = await WaitingAsync();

        await DoneAsync(await WhenFreeAsync(() => Installer.Disable("tools")));
        await DoneAsync(Installer.Enable("tools"));
        await DoneAsync(await InstallAsync("1.1.0", "tools"));
        Assert.Equal(PluginOutcome.Running, Installer.Find(fifth.Id)!.Outcome);
        // It has started well: what ends the process now is not put down to it.
        Assert.Empty(Directory.GetFiles(Marks));
        Assert.Equal("1.4.0", Echo.Manifest!.Version);

        _leases[1].Dispose();
        await DoneAsync(fifth);
        Assert.Equal("1.5.0", Echo.Manifest!.Version);
        Assert.Equal("1.4.0", Installer.Plugins.Single(plugin => plugin.Id == "echo").PreviousVersion);
        _leases.ForEach(lease => lease.Dispose());
        await Eventually.HoldsAsync("the older versions are gone", () => Task.FromResult(Echo.Others.Count == 0), Cancelled);
    }

    [Fact]
    public async Task Whatever_is_done_with_the_same_plugin_meanwhile_overtakes_it()
    {
        var fifth = await WaitingAsync();

        var sixth = await InstallAsync("1.6.0");
        await WaitsAsync(sixth);
        Assert.Equal((PluginOutcome.Failed, "plugin.overtaken"), (Installer.Find(fifth.Id)!.Outcome, Installer.Find(fifth.Id)!.Failure?.Code));

        var disabled = await WhenFreeAsync(() => Installer.Disable("echo", now: true));
        Assert.Equal("plugin.overtaken", (await Installer.EndOfAsync(sixth.Id, Cancelled)).Failure?.Code);
        _leases.ForEach(lease => lease.Dispose());
        await DoneAsync(disabled);
        await Eventually.HoldsAsync("all are gone", () => Task.FromResult(Echo.State == PluginState.Unloaded), Cancelled);

        // Nothing of the places was lost: four may drain again.
        await DoneAsync(Installer.Enable("echo"));
        _leases.Clear();
        await WaitingAsync(from: 7);
    }

    // With a version that serves and four that drain, a further one waits.
    private async Task<PluginOperation> WaitingAsync(int from = 0)
    {
        for (var version = from; version < from + 5; version++)
        {
            await DoneAsync(await InstallAsync($"1.{version}.0"));
            _leases.Add(_kernel.Get<PluginHost>().LeaseProvider("echo")!);
        }

        var next = await InstallAsync($"1.{from + 5}.0");
        await WaitsAsync(next);
        return next;
    }

    private Task WaitsAsync(PluginOperation operation) => Eventually.HoldsAsync(
        "it says that it waits", () => Task.FromResult(Installer.Find(operation.Id)!.Steps.Any(step => step is { Name: PluginOperationStepName.Activate, Reason: { } reason } && reason.Contains("waits", StringComparison.Ordinal))), Cancelled);

    private async Task<PluginOperation> InstallAsync(string version, string id = "echo")
    {
        await using var package = File.OpenRead(_packages.Pack(version, id));
        var inspected = await Installer.InspectAsync(package, Cancelled);
        return await WhenFreeAsync(() => Installer.Install(new PluginConsent(inspected.Digest, inspected.Level, AcceptsInProcess: true)));
    }

    // Between the word that it waits and the wait there is a moment.
    private static async Task<PluginOperation> WhenFreeAsync(Func<PluginOperation> begin)
    {
        PluginOperation? begun = null;
        await Eventually.HoldsAsync("the store is free", () =>
        {
            try
            {
                begun = begin();
            }
            catch (RejectedException busy) when (busy.Code == "plugin.busy")
            {
                return Task.FromResult(false);
            }

            return Task.FromResult(true);
        }, Cancelled);
        return begun!;
    }

    private async Task DoneAsync(PluginOperation operation)
    {
        var ended = await Installer.EndOfAsync(operation.Id, Cancelled);
        Assert.True(ended.Outcome == PluginOutcome.Done, $"{ended.Outcome}: {ended.Failure?.Code}");
    }
}
