using System.Reflection;
using System.Reflection.Emit;
using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

/// <summary>What is known of a package before any of its code runs, and what it needs and lacks here.</summary>
public sealed class PluginPreflightTests : InstallerTestBase
{
    [Fact]
    public async Task The_settings_that_a_plugin_declares_are_known_without_running_it()
    {
        var inspected = await InspectAsync(Packages.Pack("1.0.0", "openai-compatible"));
        Assert.Contains(inspected.Settings, setting => setting is { Name: "apiKey", Kind: Sdk.SettingKind.Secret });
        Assert.Equal([], Installer.History);
    }

    [Fact]
    public async Task Every_plugin_of_the_build_could_be_installed_from_a_package()
    {
        foreach (var id in Directory.GetDirectories(TestFolders.Plugins).Where(folder => File.Exists(Path.Combine(folder, "plugin.json"))).Select(Path.GetFileName))
        {
            Assert.Equal(id, (await InspectAsync(Packages.Pack("1.0.0", id!))).Manifest.Id);
        }
    }

    [Fact]
    public async Task A_plugin_that_another_needs_stays_and_the_other_is_named()
    {
        await AssertRefusedAsync("plugin.preflight.dependency", () => InspectAsync(Dependant("[1.0,2.0)")));
        await InstallAsync(Packages.Pack("1.0.0"));
        await AssertRefusedAsync("plugin.preflight.dependencyVersion", () => InspectAsync(Dependant("[2.0,3.0)")));
        await InstallAsync(Dependant("[1.0,2.0)"));

        foreach (var act in (Action[])[() => Installer.Remove("echo", withData: true), () => Installer.Disable("echo")])
        {
            var refused = Assert.Throws<RejectedException>(act);
            Assert.Equal("plugin.dependants", refused.Code);
            Assert.Equal("OpenAI-compatible", Assert.Single(refused.Arguments).Value);
        }

        await AssertRefusedAsync("plugin.dependants", () => InspectAsync(Packages.Pack("2.0.0")));
        await Kernel.RestartAsync();
        Assert.All(Kernel.Get<PluginHost>().Plugins, plugin => Assert.Equal(PluginState.Active, plugin.State));
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

        string Pack(string range) => Packages.Pack("1.0.0", change: text => text.Replace("[1.0,2.0)", range, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_assembly_that_is_not_there_or_is_the_servers_own_is_found_before_any_code_runs()
    {
        using var emitted = new PluginsFolder();
        emitted.Emit("snoop", il => Mention(il, typeof(CoreOptions)));
        var ghost = new PersistedAssemblyBuilder(new AssemblyName("Ghost"), typeof(object).Assembly).DefineDynamicModule("Ghost").DefineType("Ghost", TypeAttributes.Public).CreateType();
        emitted.Emit("lacking", il => Mention(il, ghost));

        var refused = await AssertRefusedAsync("plugin.preflight.private", () => InspectAsync(Packages.PackEmitted(emitted, "snoop")));
        Assert.Contains(refused.Arguments, argument => argument.Value == "Calango.Core");
        refused = await AssertRefusedAsync("plugin.preflight.missing", () => InspectAsync(Packages.PackEmitted(emitted, "lacking")));
        Assert.Contains(refused.Arguments, argument => argument.Value == "Ghost");

        static void Mention(ILGenerator il, Type type)
        {
            il.Emit(OpCodes.Ldtoken, type);
            il.Emit(OpCodes.Pop);
            il.Emit(OpCodes.Ret);
        }
    }
}
