using Calango.Core.Models;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.AI;

namespace Calango.Core.Tests.Models;

public sealed class LocalModelInstallerTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly PluginsFolder _plugins = new();

    public LocalModelInstallerTests()
    {
        _plugins.AddLocalModelsDouble();
        _plugins.CopyBuilt("openai-compatible", "1.0.0");
    }

    [Fact]
    public async Task An_installation_ends_with_a_connection_to_the_model()
    {
        await using var kernel = await TestKernel.StartAsync(plugins: _plugins.Path);
        var installer = kernel.Get<LocalModelInstaller>();
        Assert.Empty(await kernel.Get<Connections>().ListAsync(None));

        installer.Start("quick");
        Assert.Equal(LocalInstallState.Installed, (await EndAsync(installer)).State);

        var connection = Assert.Single(await kernel.Get<Connections>().ListAsync(None));
        Assert.True(kernel.Get<ModelCatalog>().Find(new ModelRef(connection.Id, "quick"))?.OnPremises);
        await installer.RemoveAsync("quick", None);
        Assert.Null(installer.Current);
        Assert.Null(await kernel.Get<ModelCatalog>().FindAsync(new ModelRef(connection.Id, "quick"), None));
    }

    [Fact]
    public async Task A_paused_installation_keeps_what_has_come_and_goes_on()
    {
        await using var kernel = await TestKernel.StartAsync(plugins: _plugins.Path);
        var installer = kernel.Get<LocalModelInstaller>();
        installer.Start("slow");
        await UntilAsync(() => installer.Current is { ReceivedBytes: 50 });
        Assert.Equal("slow", Assert.Throws<LocalInstallBusyException>(() => installer.Start("quick")).ModelId);
        Assert.Equal(50, installer.Start("slow").ReceivedBytes);

        await installer.PauseAsync();
        Assert.Equal((LocalInstallState.Paused, 50L), (installer.Current!.State, installer.Current.ReceivedBytes));
        Assert.Equal(LocalModelState.Partial, (await installer.ListAsync(None)).Single(model => model.Id == "slow").State);

        installer.Start("slow");
        Assert.Equal(LocalInstallState.Installed, (await EndAsync(installer)).State);
    }

    [Theory]
    [InlineData("damaged", "local.checksumMismatch")]
    [InlineData("broken", "plugin.fault")]
    public async Task A_failed_installation_says_why_and_connects_nothing(string model, string code)
    {
        await using var kernel = await TestKernel.StartAsync(plugins: _plugins.Path);
        var installer = kernel.Get<LocalModelInstaller>();

        installer.Start(model);

        var end = await EndAsync(installer);
        Assert.Equal((LocalInstallState.Failed, code), (end.State, end.Failure?.Code));
        Assert.Empty(await kernel.Get<Connections>().ListAsync(None));
    }

    [Fact]
    public async Task A_file_dropped_into_the_models_folder_is_connected_once_when_it_is_seen()
    {
        await using var kernel = await TestKernel.StartAsync(plugins: _plugins.Path);
        await File.WriteAllTextAsync(Path.Combine(kernel.Folder, "models", "mine.gguf"), "", None);
        var installer = kernel.Get<LocalModelInstaller>();

        await Task.WhenAll(installer.ListAsync(None), installer.ListAsync(None));

        var connection = Assert.Single(await kernel.Get<Connections>().ListAsync(None));
        Assert.NotNull(await kernel.Get<ModelCatalog>().FindAsync(new ModelRef(connection.Id, "mine"), None));
    }

    [Fact]
    public async Task A_local_model_is_asked_with_its_key_and_let_go_after_the_call()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Key = "local-key";
        await using var kernel = await TestKernel.StartAsync(plugins: _plugins.Path);
        var data = Path.Combine(kernel.Folder, "plugins", "data", PluginsFolder.LocalModelsDoubleId);
        await File.WriteAllTextAsync(Path.Combine(data, "address"), upstream.Address.AbsoluteUri, None);
        kernel.Get<LocalModelInstaller>().Start("quick");
        await EndAsync(kernel.Get<LocalModelInstaller>());
        var connection = Assert.Single(await kernel.Get<Connections>().ListAsync(None));

        await using (var lease = await kernel.Get<ModelCatalog>().ConnectAsync(new ModelRef(connection.Id, "quick"), Inputs.Caller, None))
        {
            Assert.StartsWith("w1 w2", (await lease.Client.GetResponseAsync("hi")).Text, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(data, "released")));
        }

        Assert.Equal(["released"], await File.ReadAllLinesAsync(Path.Combine(data, "released"), None));
    }

    [Fact]
    public async Task Without_the_plugin_there_is_nothing_to_install()
    {
        using var plugins = new PluginsFolder();
        await using var kernel = await TestKernel.StartAsync(plugins: plugins.Path);
        Assert.False(kernel.Get<LocalModelInstaller>().IsAvailable);
        Assert.Empty(await kernel.Get<LocalModelInstaller>().ListAsync(None));
    }

    public void Dispose() => _plugins.Dispose();

    private static async Task<LocalInstall> EndAsync(LocalModelInstaller installer)
    {
        await UntilAsync(() => installer.Current is not { State: LocalInstallState.Downloading or LocalInstallState.Verifying });
        return installer.Current!;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await tick.WaitForNextTickAsync(limit.Token);
        }
    }
}
