using System.Text.Json.Nodes;
using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;

namespace Calango.Core.Tests.Plugins;

/// <summary>A kernel, and a folder of packages that is a catalog.</summary>
public abstract class CatalogTestBase : IAsyncLifetime
{
    private protected PluginPackages Packages { get; } = new();

    private protected PluginsFolder BuiltIn { get; } = new();

    private protected ManualTime Clock { get; } = new();

    private protected TestKernel Kernel { get; private set; } = null!;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected PluginCatalogs Catalogs => Kernel.Get<PluginCatalogs>();

    private protected PluginInstaller Installer => Kernel.Get<PluginInstaller>();

    private protected string Index => Path.Combine(Packages.Folder, "index.json");

    public async ValueTask InitializeAsync() => Kernel = await TestKernel.StartAsync(plugins: BuiltIn.Path, clock: Clock);

    public async ValueTask DisposeAsync()
    {
        await Kernel.DisposeAsync();
        BuiltIn.Dispose();
        Packages.Dispose();
    }

    private protected Task<PluginCatalog> AddAsync()
    {
        Packages.Pack("1.0.0");
        CatalogWriter.Write(Packages.Folder, []);
        return Catalogs.AddAsync(Packages.Folder, Cancelled);
    }

    private protected async Task RewriteAsync(params string[] revokes)
    {
        CatalogWriter.Write(Packages.Folder, revokes);
        await Catalogs.RefreshAsync(Catalogs.All[0].Id, Cancelled);
    }

    private protected async Task ChangeIndexAsync(Action<JsonNode> change)
    {
        var index = JsonNode.Parse(await File.ReadAllTextAsync(Index, Cancelled))!;
        change(index);
        await File.WriteAllTextAsync(Index, index.ToJsonString(), Cancelled);
    }

    private protected Task<PackageInspection> InspectAsync(PluginCatalog catalog, string version) => Installer.InspectOfCatalogAsync(catalog.Id, "echo", version, Cancelled);

    private protected async Task InstallAsync(PluginCatalog catalog, string version)
    {
        var inspected = await InspectAsync(catalog, version);
        await EndAsync(Installer.Install(new PluginConsent(inspected.Digest, inspected.Level, AcceptsInProcess: true, catalog.Id)));
    }

    private protected async Task EndAsync(PluginOperation operation) => Assert.Equal(PluginOutcome.Done, (await Installer.EndOfAsync(operation.Id, Cancelled)).Outcome);

    private protected static async Task AssertRefusedAsync(string code, Func<Task> act) => Assert.Equal(code, (await Assert.ThrowsAsync<RejectedException>(act)).Code);
}
