using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

/// <summary>A kernel that has no plugin yet, and packages to install.</summary>
public abstract class InstallerTestBase : IAsyncLifetime
{
    private protected PluginPackages Packages { get; } = new();

    private protected PluginsFolder BuiltIn { get; } = new();

    private protected TestKernel Kernel { get; private set; } = null!;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected PluginInstaller Installer => Kernel.Get<PluginInstaller>();

    public async ValueTask InitializeAsync() => Kernel = await TestKernel.StartAsync(plugins: BuiltIn.Path);

    public async ValueTask DisposeAsync()
    {
        await Kernel.DisposeAsync();
        BuiltIn.Dispose();
        Packages.Dispose();
    }

    private protected string Dependant(string range) => Packages.Pack("1.0.0", "openai-compatible",
        change: text => text.Replace("\"contract\"", $"\"dependencies\": [{{ \"id\": \"echo\", \"version\": \"{range}\" }}], \"contract\"", StringComparison.Ordinal));

    private protected string? Serving(TestKernel? kernel = null, string id = "echo") =>
        (kernel ?? Kernel).Get<PluginHost>().Plugins.FirstOrDefault(plugin => plugin.Id == id && plugin.State == PluginState.Active)?.Manifest?.Version;

    private protected async Task<PluginOperation> InstallAsync(string path, PluginOutcome outcome = PluginOutcome.Done)
    {
        var inspected = await InspectAsync(path);
        var operation = await EndAsync(Installer.Install(new PluginConsent(inspected.Digest, inspected.Level, AcceptsInProcess: true)));
        Assert.True(operation.Outcome == outcome, $"{operation.Outcome}: {operation.Failure}");
        return operation;
    }

    private protected async Task<PackageInspection> InspectAsync(string path, PluginInstaller? installer = null)
    {
        await using var file = File.OpenRead(path);
        return await (installer ?? Installer).InspectAsync(file, Cancelled);
    }

    private protected Task<PluginOperation> EndAsync(PluginOperation operation, PluginInstaller? installer = null) => (installer ?? Installer).EndOfAsync(operation.Id, Cancelled);

    private protected async Task<PluginOperation> OverAsync(Guid id) => await Installer.FollowAsync(id, Cancelled).LastAsync(Cancelled);

    private protected static async Task<RejectedException> AssertRefusedAsync(string code, Func<Task> act)
    {
        var refused = await Assert.ThrowsAsync<RejectedException>(act);
        Assert.Equal(code, refused.Code);
        return refused;
    }
}
