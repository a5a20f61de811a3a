using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

/// <summary>A plugin that takes its time to end keeps nobody from doing something with the others.</summary>
public sealed class PluginDrainTests : IAsyncLifetime
{
    private readonly PluginPackages _packages = new();
    private readonly PluginsFolder _builtIn = new();
    private TestKernel _kernel = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PluginInstaller Installer => _kernel.Get<PluginInstaller>();

    public async ValueTask InitializeAsync()
    {
        _kernel = await TestKernel.StartAsync(plugins: _builtIn.Path);
        await InstallAsync("1.0.0");
        await InstallAsync("1.0.0", "tools");
    }

    public async ValueTask DisposeAsync()
    {
        await _kernel.DisposeAsync();
        _builtIn.Dispose();
        _packages.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_one_drains_the_others_are_switched_and_installed(bool removed)
    {
        PluginOperation draining;
        using (_kernel.Get<PluginHost>().LeaseProvider("echo"))
        {
            draining = removed ? Installer.Remove("echo", withData: true) : Installer.Disable("echo");
            await Eventually.HoldsAsync("it drains", () => Task.FromResult(Find(draining).Steps.Any(step => step.Name == PluginOperationStepName.Drain)), Cancelled);

            await EndAsync(await WhenFreeAsync(() => Installer.Disable("tools")));
            await EndAsync(await WhenFreeAsync(() => Installer.Enable("tools")));
            Assert.Equal(PluginOutcome.Running, Find(draining).Outcome);
        }

        await EndAsync(draining);
        Assert.Equal(!removed, Directory.Exists(Path.Combine(_kernel.Folder, "plugins", "store", "echo")));
    }

    [Fact]
    public async Task One_that_drains_after_its_removal_can_be_installed_again_and_keeps_its_data()
    {
        PluginOperation removal;
        var data = Directory.CreateDirectory(Path.Combine(_kernel.Folder, "plugins", "data", "echo")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "kept"), "", Cancelled);
        using (_kernel.Get<PluginHost>().LeaseProvider("echo"))
        {
            removal = Installer.Remove("echo", withData: true);
            await Eventually.HoldsAsync("it drains", () => Task.FromResult(Find(removal).Steps.Any(step => step.Name == PluginOperationStepName.Drain)), Cancelled);
            await InstallAsync("1.1.0");
        }

        await EndAsync(removal);
        Assert.True(File.Exists(Path.Combine(data, "kept")));
        Assert.Equal("1.1.0", Assert.Single(Installer.Plugins, plugin => plugin.Id == "echo").Manifest?.Version);
    }

    private PluginOperation Find(PluginOperation operation) => Installer.Find(operation.Id)!;

    // Between the decision and the drain there is a moment.
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

    private async Task InstallAsync(string version, string id = "echo")
    {
        await using var package = File.OpenRead(_packages.Pack(version, id));
        var inspected = await Installer.InspectAsync(package, Cancelled);
        await EndAsync(await WhenFreeAsync(() => Installer.Install(new PluginConsent(inspected.Digest, inspected.Level, AcceptsInProcess: true))));
    }

    private async Task EndAsync(PluginOperation operation) => Assert.Equal(PluginOutcome.Done, (await Installer.EndOfAsync(operation.Id, Cancelled)).Outcome);
}
