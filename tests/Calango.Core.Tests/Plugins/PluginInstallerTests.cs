using System.Reflection;
using System.Reflection.Emit;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.AI;

namespace Calango.Core.Tests.Plugins;

/// <summary>Plugins are installed, updated, taken back and removed while the kernel runs.</summary>
public sealed class PluginInstallerTests : IAsyncLifetime
{
    private readonly PluginPackages _packages = new();
    private readonly PluginsFolder _builtIn = new();
    private TestKernel _kernel = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PluginInstaller Installer => _kernel.Get<PluginInstaller>();

    public async ValueTask InitializeAsync() => _kernel = await TestKernel.StartAsync(plugins: _builtIn.Path);

    public async ValueTask DisposeAsync()
    {
        await _kernel.DisposeAsync();
        _builtIn.Dispose();
        _packages.Dispose();
    }

    [Fact]
    public async Task Each_step_of_an_installation_is_told_with_its_time_and_kept()
    {
        var seen = new List<PluginOperation>();
        Installer.Changed += operation => { lock (seen) { seen.Add(operation); } };

        var installed = await InstallAsync(_packages.Pack("1.0.0"));

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
        await InstallAsync(_packages.Pack("1.0.0"));
        var update = _packages.Pack("1.1.0", change: text => text.Replace("\"capabilities\": {}", "\"capabilities\": { \"network\": [\"example.com\"], \"secrets\": true }", StringComparison.Ordinal));

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
    public async Task The_settings_that_a_plugin_declares_are_known_without_running_it()
    {
        var inspected = await InspectAsync(_packages.Pack("1.0.0", "openai-compatible"));
        Assert.Contains(inspected.Settings, setting => setting is { Name: "apiKey", Kind: Sdk.SettingKind.Secret });
        Assert.Equal([], Installer.History);
    }

    [Fact]
    public async Task Every_plugin_of_the_build_could_be_installed_from_a_package()
    {
        foreach (var id in Directory.GetDirectories(TestFolders.Plugins).Where(folder => File.Exists(Path.Combine(folder, "plugin.json"))).Select(Path.GetFileName))
        {
            Assert.Equal(id, (await InspectAsync(_packages.Pack("1.0.0", id!))).Manifest.Id);
        }
    }

    [Fact]
    public async Task Back_to_the_version_before_and_forth_again()
    {
        await InstallAsync(_packages.Pack("1.0.0"));
        await InstallAsync(_packages.Pack("1.1.0"));

        await EndAsync(Installer.RollBack("echo"));
        Assert.Equal("1.0.0", Serving());
        await EndAsync(Installer.RollBack("echo"));
        Assert.Equal("1.1.0", Serving());
    }

    [Fact]
    public async Task An_older_version_is_no_update()
    {
        await InstallAsync(_packages.Pack("1.1.0"));
        await AssertRefusedAsync("plugin.downgrade", () => InspectAsync(_packages.Pack("1.0.0")));
        await AssertRefusedAsync("plugin.downgrade", () => InspectAsync(_packages.Pack("1.1.0-rc.1")));
    }

    [Fact]
    public async Task A_version_has_one_content()
    {
        await InstallAsync(_packages.Pack("1.0.0"));
        await AssertRefusedAsync("plugin.sameVersion", () => InspectAsync(_packages.Pack("1.0.0", change: text => text.Replace("\"Echo\"", "\"Echo again\"", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_id_belongs_to_whoever_published_it_first(bool signed)
    {
        await InstallAsync(_packages.Pack("1.0.0"));
        using var others = new PluginPackages();

        var refused = await AssertRefusedAsync("plugin.taken", () => InspectAsync(others.Pack("2.0.0", signed: signed)));
        Assert.Contains(refused.Arguments, argument => argument.Value == PluginPackages.Publisher);

        await EndAsync(Installer.Remove("echo", withData: false));
        await AssertRefusedAsync("plugin.taken", () => InspectAsync(others.Pack("2.1.0", signed: signed)));
        await InstallAsync(_packages.Pack("1.2.0"));
        await EndAsync(Installer.Remove("echo", withData: true));
        Assert.Equal("2.2.0", (await InspectAsync(others.Pack("2.2.0", signed: signed))).Manifest.Version);
    }

    [Fact]
    public async Task An_id_of_the_build_is_taken_for_strangers_and_given_back_by_those_who_are_trusted()
    {
        using var folder = new PluginsFolder();
        folder.CopyBuilt("echo", "1.0.0");
        await using var kernel = await TestKernel.StartAsync(plugins: folder.Path);
        var installer = kernel.Get<PluginInstaller>();

        await AssertRefusedAsync("plugin.builtIn", () => InspectAsync(_packages.Pack("1.1.0"), installer));
        kernel.Get<PluginTrust>().Add(PluginPackages.Publisher, _packages.Key.PublicKey);
        var inspected = await InspectAsync(_packages.Pack("1.2.0"), installer);
        Assert.True(inspected is { ReplacesBuiltIn: true, NeedsInProcessAccepted: false, Level: PluginTrustLevel.Trusted });
        Assert.Equal(PluginOutcome.Done, (await EndAsync(installer.Install(new PluginConsent(inspected.Digest, inspected.Level)), installer)).Outcome);
        Assert.Equal("1.2.0", Serving(kernel));

        await EndAsync(installer.Remove("echo", withData: true), installer);
        Assert.Equal("1.0.0", Serving(kernel));
    }

    [Fact]
    public async Task Consent_is_for_exactly_what_was_shown()
    {
        var inspected = await InspectAsync(_packages.Pack("1.0.0"));
        Assert.Equal("plugin.consent", Assert.Throws<RejectedException>(() => Installer.Install(new PluginConsent(new string('0', 64), inspected.Level, true))).Code);
        Assert.Equal("plugin.consent", Assert.Throws<RejectedException>(() => Installer.Install(new PluginConsent("../../etc/passwd", inspected.Level, true))).Code);
        Assert.Equal("plugin.consent", Assert.Throws<RejectedException>(() => Installer.Install(new PluginConsent(inspected.Digest, PluginTrustLevel.Trusted, true))).Code);
        Assert.Equal("plugin.inProcess", Assert.Throws<RejectedException>(() => Installer.Install(new PluginConsent(inspected.Digest, inspected.Level))).Code);

        _kernel.Get<PluginTrust>().Add(PluginPackages.Publisher, _packages.Key.PublicKey);
        Assert.Equal("plugin.consent", Assert.Throws<RejectedException>(() => Installer.Install(new PluginConsent(inspected.Digest, inspected.Level, true))).Code);
        Assert.Equal([], Installer.History);
    }

    [Fact]
    public async Task What_was_taken_back_is_neither_installed_nor_started()
    {
        var package = _packages.Pack("1.0.0");
        var inspected = await InspectAsync(package);
        await InstallAsync(package);

        _kernel.Get<PluginTrust>().Revoke([inspected.Digest]);
        Assert.True(Assert.Single(Installer.Plugins).IsRevoked);
        await AssertRefusedAsync("plugin.revoked.package", () => InspectAsync(package));
        await _kernel.RestartAsync();
        Assert.Null(Serving());
        Assert.Contains("taken back", Assert.Single(_kernel.Get<PluginHost>().Plugins).Reason, StringComparison.Ordinal);

        _kernel.Get<PluginTrust>().Revoke([_packages.Key.Id]);
        await AssertRefusedAsync("plugin.revoked.key", () => InspectAsync(_packages.Pack("1.1.0")));
    }

    [Fact]
    public async Task A_key_speaks_for_one_name()
    {
        _kernel.Get<PluginTrust>().Add("Somebody else", _packages.Key.PublicKey);
        await AssertRefusedAsync("plugin.publisher.otherName", () => InspectAsync(_packages.Pack("1.0.0")));
    }

    [Fact]
    public async Task A_plugin_that_another_needs_stays_and_the_other_is_named()
    {
        await AssertRefusedAsync("plugin.preflight.dependency", () => InspectAsync(Dependant("[1.0,2.0)")));
        await InstallAsync(_packages.Pack("1.0.0"));
        await AssertRefusedAsync("plugin.preflight.dependencyVersion", () => InspectAsync(Dependant("[2.0,3.0)")));
        await InstallAsync(Dependant("[1.0,2.0)"));

        foreach (var act in (Action[])[() => Installer.Remove("echo", withData: true), () => Installer.Disable("echo")])
        {
            var refused = Assert.Throws<RejectedException>(act);
            Assert.Equal("plugin.dependants", refused.Code);
            Assert.Equal("OpenAI-compatible", Assert.Single(refused.Arguments).Value);
        }

        await AssertRefusedAsync("plugin.dependants", () => InspectAsync(_packages.Pack("2.0.0")));
        await _kernel.RestartAsync();
        Assert.All(_kernel.Get<PluginHost>().Plugins, plugin => Assert.Equal(PluginState.Active, plugin.State));
        await EndAsync(Installer.Remove("openai-compatible", withData: true));
        await EndAsync(Installer.Remove("echo", withData: true));
        Assert.Equal([], Installer.Plugins.Where(plugin => plugin.Status?.State == PluginState.Active));
    }

    [Theory]
    [InlineData("[2.0,3.0)", "plugin.preflight.contract")]
    [InlineData("1.x", "plugin.manifest")]
    public async Task A_contract_that_excludes_this_server_is_refused_before_any_code_runs(string contract, string code)
    {
        if (code == "plugin.manifest")
        {
            Assert.Equal(code, Assert.Throws<RejectedException>(() => Pack(contract)).Code);
            return;
        }

        await AssertRefusedAsync(code, () => InspectAsync(Pack(contract)));

        string Pack(string range) => _packages.Pack("1.0.0", change: text => text.Replace("[1.0,2.0)", range, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_assembly_that_is_not_there_or_is_the_servers_own_is_found_before_any_code_runs()
    {
        using var emitted = new PluginsFolder();
        emitted.Emit("snoop", il => Mention(il, typeof(CoreOptions)));
        var ghost = new PersistedAssemblyBuilder(new AssemblyName("Ghost"), typeof(object).Assembly).DefineDynamicModule("Ghost").DefineType("Ghost", TypeAttributes.Public).CreateType();
        emitted.Emit("lacking", il => Mention(il, ghost));

        var refused = await AssertRefusedAsync("plugin.preflight.private", () => InspectAsync(_packages.PackEmitted(emitted, "snoop")));
        Assert.Contains(refused.Arguments, argument => argument.Value == "Calango.Core");
        refused = await AssertRefusedAsync("plugin.preflight.missing", () => InspectAsync(_packages.PackEmitted(emitted, "lacking")));
        Assert.Contains(refused.Arguments, argument => argument.Value == "Ghost");

        static void Mention(ILGenerator il, Type type)
        {
            il.Emit(OpCodes.Ldtoken, type);
            il.Emit(OpCodes.Pop);
            il.Emit(OpCodes.Ret);
        }
    }

    [Fact]
    public async Task One_that_cannot_start_leaves_the_version_before_in_service()
    {
        using var emitted = new PluginsFolder();
        emitted.Emit("moody", il => il.Emit(OpCodes.Ret));
        await InstallAsync(_packages.PackEmitted(emitted, "moody"));
        emitted.Emit("moody", il => { il.Emit(OpCodes.Ldnull); il.Emit(OpCodes.Throw); }, PluginsFolder.Manifest("moody").Replace("1.0.0", "1.1.0", StringComparison.Ordinal));

        var failed = await InstallAsync(_packages.PackEmitted(emitted, "moody"), PluginOutcome.Failed);

        Assert.Equal("plugin.rejected", failed.Failure!.Code);
        Assert.Contains("NullReferenceException", failed.Failure.Arguments["reason"], StringComparison.Ordinal);
        Assert.Equal("1.0.0", Serving(id: "moody"));
        await _kernel.RestartAsync();
        Assert.Equal("1.0.0", Serving(id: "moody"));
        Assert.Single(Directory.GetDirectories(Path.Combine(_kernel.Folder, "plugins", "store", "moody")));
    }

    [Fact]
    public async Task A_disabled_plugin_stays_so_over_a_restart_and_its_chats_go_on_once_it_is_enabled()
    {
        await InstallAsync(_packages.Pack("1.0.0"));
        await EndAsync(Installer.Disable("echo"));
        Assert.Null(Serving());
        await _kernel.RestartAsync();
        Assert.Null(Serving());

        await EndAsync(Installer.Enable("echo"));
        Assert.Equal("1.0.0", Serving());
        var connection = await _kernel.Get<Connections>().AddAsync(new ConnectionInput("echo", "", "Echo", new Dictionary<string, string?>(), new TimeLimits()), Cancelled);
        await using var lease = await _kernel.Get<ModelCatalog>().ConnectAsync(new ModelRef(connection.Id, "echo"), Inputs.Caller, Cancelled);
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
        await InstallAsync(_packages.Pack("1.0.0"));
        var data = Path.Combine(_kernel.Folder, "plugins", "data", "echo");
        await File.WriteAllTextAsync(Path.Combine(data, "kept"), "", Cancelled);

        await EndAsync(Installer.Remove("echo", withData: false));
        Assert.True(File.Exists(Path.Combine(data, "kept")));
        await InstallAsync(_packages.Pack("1.1.0"));
        await EndAsync(Installer.Remove("echo", withData: true));
        Assert.False(Directory.Exists(data));
        Assert.Equal([], Directory.GetFileSystemEntries(Path.Combine(_kernel.Folder, "plugins", "store")));
    }

    [Fact]
    public async Task A_damaged_file_of_the_store_is_noticed_and_the_version_before_serves()
    {
        await InstallAsync(_packages.Pack("1.0.0"));
        await InstallAsync(_packages.Pack("1.1.0"));
        await _kernel.StopAsync();
        var file = Directory.GetFiles(Path.Combine(_kernel.Folder, "plugins", "store", "echo"), "Calango.Plugins.Echo.dll", SearchOption.AllDirectories).Single(path => path.Contains("1.1.0", StringComparison.Ordinal));
        await File.WriteAllBytesAsync(file, [0], Cancelled);

        await _kernel.RestartAsync();

        Assert.Equal("1.0.0", Serving());
        Assert.Equal((PluginOperationKind.Recover, "1.1.0"), (Installer.History[0].Kind, Installer.History[0].FromVersion));
    }

    private string Dependant(string range) => _packages.Pack("1.0.0", "openai-compatible",
        change: text => text.Replace("\"contract\"", $"\"dependencies\": [{{ \"id\": \"echo\", \"version\": \"{range}\" }}], \"contract\"", StringComparison.Ordinal));

    private string? Serving(TestKernel? kernel = null, string id = "echo") =>
        (kernel ?? _kernel).Get<PluginHost>().Plugins.FirstOrDefault(plugin => plugin.Id == id && plugin.State == PluginState.Active)?.Manifest?.Version;

    private async Task<PluginOperation> InstallAsync(string path, PluginOutcome outcome = PluginOutcome.Done)
    {
        var inspected = await InspectAsync(path);
        var operation = await EndAsync(Installer.Install(new PluginConsent(inspected.Digest, inspected.Level, AcceptsInProcess: true)));
        Assert.True(operation.Outcome == outcome, $"{operation.Outcome}: {operation.Failure}");
        return operation;
    }

    private async Task<PackageInspection> InspectAsync(string path, PluginInstaller? installer = null)
    {
        await using var file = File.OpenRead(path);
        return await (installer ?? Installer).InspectAsync(file, Cancelled);
    }

    private Task<PluginOperation> EndAsync(PluginOperation operation, PluginInstaller? installer = null) => (installer ?? Installer).EndOfAsync(operation.Id, Cancelled);

    private async Task<PluginOperation> OverAsync(Guid id) => await Installer.FollowAsync(id, Cancelled).LastAsync(Cancelled);

    private static async Task<RejectedException> AssertRefusedAsync(string code, Func<Task> act)
    {
        var refused = await Assert.ThrowsAsync<RejectedException>(act);
        Assert.Equal(code, refused.Code);
        return refused;
    }
}
