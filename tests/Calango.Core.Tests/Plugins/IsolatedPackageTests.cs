using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

/// <summary>Who is isolated: packages that nobody here trusts, and those that ask for it.</summary>
public sealed class IsolatedPackageTests : IAsyncLifetime
{
    private readonly PluginPackages _packages = new();
    private readonly PluginsFolder _builtIn = new();
    private TestKernel _kernel = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private PluginInstaller Installer => _kernel.Get<PluginInstaller>();

    public async ValueTask InitializeAsync()
    {
        _kernel = await TestKernel.StartAsync(plugins: _builtIn.Path, isolates: true);
        Assert.SkipWhen(_kernel.Get<Sandbox>().Refusal is not null, "No plugin can be isolated on this machine.");
    }

    public async ValueTask DisposeAsync()
    {
        await _kernel.DisposeAsync();
        _builtIn.Dispose();
        _packages.Dispose();
    }

    [Fact]
    public async Task A_strangers_plugin_runs_apart_and_after_a_restart_too_until_its_publisher_is_trusted()
    {
        var inspected = await InspectAsync(_packages.Pack("1.0.0"));
        Assert.True(inspected is { IsIsolated: true, NeedsInProcessAccepted: false, Level: PluginTrustLevel.SignedByStranger });
        await InstallAsync(inspected);
        Assert.True(RunsApart());

        await _kernel.RestartAsync();
        Assert.True(RunsApart());

        _kernel.Get<PluginTrust>().Add(PluginPackages.Publisher, _packages.Key.PublicKey);
        inspected = await InspectAsync(_packages.Pack("1.1.0"));
        Assert.False(inspected.IsIsolated);
        await InstallAsync(inspected);
        Assert.False(RunsApart());

        inspected = await InspectAsync(_packages.Pack("1.2.0", change: manifest => manifest.Replace("\"schema\"", "\"isolation\": \"isolated\", \"schema\"", StringComparison.Ordinal)));
        Assert.True(inspected.IsIsolated);
        await InstallAsync(inspected);
        Assert.True(RunsApart());
    }

    [Fact]
    public async Task To_accept_the_servers_process_changes_nothing_where_it_can_run_apart()
    {
        var inspected = await InspectAsync(_packages.Pack("1.0.0", signed: false));
        await InstallAsync(inspected, acceptsInProcess: true);
        Assert.True(RunsApart());
    }

    [Fact]
    public async Task A_strangers_plugin_that_runs_local_models_is_refused()
    {
        _builtIn.AddLocalModelsDouble();
        var package = _packages.PackEmitted(_builtIn, PluginsFolder.LocalModelsDoubleId);
        Assert.Equal("plugin.notIsolatable", (await Assert.ThrowsAsync<RejectedException>(() => InspectAsync(package))).Code);
    }

    [Fact]
    public async Task An_unsigned_plugin_that_keeps_files_is_installed_and_keeps_them_apart()
    {
        await InstallAsync(await InspectAsync(_packages.Pack("1.0.0", "disk-storage", signed: false)));
        using var lease = _kernel.Get<PluginHost>().LeaseBlobs("disk-storage")!;
        var nowhere = new Sdk.SettingsValues(new Dictionary<string, string>());

        await lease.Generation.BlobStore!.PutAsync("a/b", new MemoryStream([1, 2, 3]), "text/plain", nowhere, TestEnd);

        await using var opened = await lease.Generation.BlobStore.OpenAsync("a/b", null, nowhere, TestEnd);
        var bytes = new byte[4];
        Assert.Equal((3, 3), ((int)opened.Info.Length, await opened.Stream.ReadAtLeastAsync(bytes, 4, throwOnEndOfStream: false, TestEnd)));
        Assert.Equal([1, 2, 3, 0], bytes);
        Assert.True(_kernel.Get<PluginHost>().Plugins.Single(plugin => plugin.Id == "disk-storage").ProcessMemoryBytes > 0);
    }

    private bool RunsApart() => _kernel.Get<PluginHost>().Plugins.Single(plugin => plugin.Id == "echo") is { State: PluginState.Active } echo && echo.ProcessMemoryBytes > 0;

    private async Task InstallAsync(PackageInspection inspected, bool acceptsInProcess = false)
    {
        var operation = Installer.Install(new PluginConsent(inspected.Digest, inspected.Level, acceptsInProcess));
        Assert.Equal(PluginOutcome.Done, (await Installer.EndOfAsync(operation.Id, TestEnd)).Outcome);
    }

    private async Task<PackageInspection> InspectAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return await Installer.InspectAsync(file, TestEnd);
    }
}
