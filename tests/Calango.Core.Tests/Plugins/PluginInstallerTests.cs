using System.Reflection.Emit;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.AI;

namespace Calango.Core.Tests.Plugins;

/// <summary>Plugins are installed, updated, taken back and removed while the kernel runs.</summary>
public sealed class PluginInstallerTests : InstallerTestBase
{
    [Fact]
    public async Task Each_step_of_an_installation_is_told_with_its_time_and_kept()
    {
        var seen = new List<PluginOperation>();
        Installer.Changed += operation => { lock (seen) { seen.Add(operation); } };

        var installed = await InstallAsync(Packages.Pack("1.0.0"));

        Assert.Equal((PluginOperationKind.Install, PluginOutcome.Done), (installed.Kind, installed.Outcome));
        Assert.Equal(["Verify", "Preflight", "Stage", "Load", "Start", "Health", "Activate"], installed.Steps.Select(step => step.Name.ToString()));
        Assert.All(installed.Steps, step => Assert.True(step is { Outcome: PluginOutcome.Done, EndedAt: not null }));
        Assert.Contains(seen, operation => operation.Steps is [.., { Name: PluginOperationStepName.Stage, Outcome: PluginOutcome.Running }]);
        Assert.Equal(installed.Id, Assert.Single(Installer.History).Id);
        Assert.Equal("1.0.0", Serving());
    }

    [Fact]
    public async Task An_update_serves_at_once_and_what_it_changes_is_said_before()
    {
        await InstallAsync(Packages.Pack("1.0.0"));
        var update = Packages.Pack("1.1.0", change: text => text.Replace("\"capabilities\": {}", "\"capabilities\": { \"network\": [\"example.com\"], \"secrets\": true }", StringComparison.Ordinal));

        var changes = (await InspectAsync(update)).Changes!;
        Assert.Equal("1.0.0", changes.FromVersion);
        Assert.Equal(["network example.com", "secrets"], changes.NewCapabilities);
        Assert.Empty(changes.NewSettings);

        var operation = await InstallAsync(update);
        Assert.Equal((PluginOperationKind.Update, "1.0.0", "1.1.0"), (operation.Kind, operation.FromVersion, operation.Version));
        Assert.Equal("1.1.0", Serving());
        var over = await OverAsync(operation.Id);
        Assert.Contains(over.Steps, step => step is { Name: PluginOperationStepName.Unload, Version: "1.0.0" });
    }

    [Fact]
    public async Task Back_to_the_version_before_and_forth_again()
    {
        await InstallAsync(Packages.Pack("1.0.0"));
        await InstallAsync(Packages.Pack("1.1.0"));

        await EndAsync(Installer.RollBack("echo"));
        Assert.Equal("1.0.0", Serving());
        await EndAsync(Installer.RollBack("echo"));
        Assert.Equal("1.1.0", Serving());
    }

    [Fact]
    public async Task One_that_cannot_start_leaves_the_version_before_in_service()
    {
        using var emitted = new PluginsFolder();
        emitted.Emit("moody", il => il.Emit(OpCodes.Ret));
        await InstallAsync(Packages.PackEmitted(emitted, "moody"));
        emitted.Emit("moody", il => { il.Emit(OpCodes.Ldnull); il.Emit(OpCodes.Throw); }, PluginsFolder.Manifest("moody").Replace("1.0.0", "1.1.0", StringComparison.Ordinal));

        var failed = await InstallAsync(Packages.PackEmitted(emitted, "moody"), PluginOutcome.Failed);

        Assert.Equal("plugin.rejected", failed.Failure!.Code);
        Assert.Contains("NullReferenceException", failed.Failure.Arguments["reason"], StringComparison.Ordinal);
        Assert.Equal("1.0.0", Serving(id: "moody"));
        await Kernel.RestartAsync();
        Assert.Equal("1.0.0", Serving(id: "moody"));
        Assert.Single(Directory.GetDirectories(Path.Combine(Kernel.Folder, "plugins", "store", "moody")));
    }

    [Fact]
    public async Task A_disabled_plugin_stays_so_over_a_restart_and_its_chats_go_on_once_it_is_enabled()
    {
        await InstallAsync(Packages.Pack("1.0.0"));
        await EndAsync(Installer.Disable("echo"));
        Assert.Null(Serving());
        await Kernel.RestartAsync();
        Assert.Null(Serving());

        await EndAsync(Installer.Enable("echo"));
        Assert.Equal("1.0.0", Serving());
        var connection = await Kernel.Get<Connections>().AddAsync(new ConnectionInput("echo", "", "Echo", new Dictionary<string, string?>(), new TimeLimits()), Cancelled);
        await using var lease = await Kernel.Get<ModelCatalog>().ConnectAsync(new ModelRef(connection.Id, "echo"), Inputs.Caller, Cancelled);
        Assert.Equal("still here", (await lease.Client.GetResponseAsync("still here", cancellationToken: Cancelled)).Text);
    }

    [Fact]
    public async Task A_built_in_plugin_can_be_disabled_too()
    {
        using var folder = new PluginsFolder();
        folder.CopyBuilt("echo", "1.0.0");
        await using var kernel = await TestKernel.StartAsync(plugins: folder.Path);

        await EndAsync(kernel.Get<PluginInstaller>().Disable("echo"), kernel.Get<PluginInstaller>());
        await kernel.RestartAsync();
        Assert.Null(Serving(kernel));
        await EndAsync(kernel.Get<PluginInstaller>().Enable("echo"), kernel.Get<PluginInstaller>());
        await kernel.RestartAsync();
        Assert.Equal("1.0.0", Serving(kernel));
    }

    [Fact]
    public async Task Data_stay_or_go_with_a_plugin_as_was_said()
    {
        await InstallAsync(Packages.Pack("1.0.0"));
        var data = Path.Combine(Kernel.Folder, "plugins", "data", "echo");
        await File.WriteAllTextAsync(Path.Combine(data, "kept"), "", Cancelled);

        await EndAsync(Installer.Remove("echo", withData: false));
        Assert.True(File.Exists(Path.Combine(data, "kept")));
        await InstallAsync(Packages.Pack("1.1.0"));
        await EndAsync(Installer.Remove("echo", withData: true));
        Assert.False(Directory.Exists(data));
        Assert.Equal([], Directory.GetFileSystemEntries(Path.Combine(Kernel.Folder, "plugins", "store")));
    }

    [Fact]
    public async Task A_damaged_file_of_the_store_is_noticed_and_the_version_before_serves()
    {
        await InstallAsync(Packages.Pack("1.0.0"));
        await InstallAsync(Packages.Pack("1.1.0"));
        await Kernel.StopAsync();
        var file = Directory.GetFiles(Path.Combine(Kernel.Folder, "plugins", "store", "echo"), "Calango.Plugins.Echo.dll", SearchOption.AllDirectories).Single(path => path.Contains("1.1.0", StringComparison.Ordinal));
        await File.WriteAllBytesAsync(file, [0], Cancelled);

        await Kernel.RestartAsync();

        Assert.Equal("1.0.0", Serving());
        Assert.Equal((PluginOperationKind.Recover, "1.1.0"), (Installer.History[0].Kind, Installer.History[0].FromVersion));
    }
}
