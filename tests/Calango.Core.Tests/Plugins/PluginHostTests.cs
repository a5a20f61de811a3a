using System.Reflection.Emit;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

public sealed class PluginHostTests
{
    [Fact]
    public async Task A_built_plugin_serves_with_its_form_and_presets()
    {
        await using var kernel = await TestKernel.StartAsync();
        var provider = kernel.Get<PluginHost>().FindProvider("openai-compatible");
        Assert.NotNull(provider);
        Assert.Contains(provider.Settings, field => field is { Name: "address", ClearsSecrets: true });
        Assert.Equal("openai", provider.Presets[0].Id);
    }

    [Fact]
    public async Task A_hidden_plugin_is_left_out_of_a_normal_start()
    {
        await using var kernel = await TestKernel.StartAsync(loadHidden: false);
        Assert.Null(kernel.Get<PluginHost>().FindProvider("echo"));
        Assert.DoesNotContain(kernel.Get<PluginHost>().Plugins, plugin => plugin.Id == "echo");
    }

    [Fact]
    public async Task A_plugin_that_throws_while_it_registers_is_recorded_and_stops_nothing()
    {
        using var folder = new PluginsFolder();
        folder.Emit("thrower", il =>
        {
            il.Emit(OpCodes.Ldstr, "no luck today");
            il.Emit(OpCodes.Newobj, typeof(InvalidOperationException).GetConstructor([typeof(string)])!);
            il.Emit(OpCodes.Throw);
        });
        folder.CopyBuilt("echo", "1.0.0");

        var plugins = await LoadAsync(folder);

        AssertFailed(plugins, "thrower", "no luck today");
        Assert.Equal(PluginState.Active, plugins.Single(plugin => plugin.Id == "echo").State);
    }

    [Fact]
    public async Task A_plugin_that_hangs_while_it_registers_is_recorded()
    {
        using var folder = new PluginsFolder();
        folder.Emit("hanger", il =>
        {
            il.Emit(OpCodes.Ldc_I4_M1);
            il.Emit(OpCodes.Call, typeof(Thread).GetMethod("Sleep", [typeof(int)])!);
            il.Emit(OpCodes.Ret);
        });
        AssertFailed(await LoadAsync(folder, TimeSpan.FromSeconds(1)), "hanger", "did not finish loading");
    }

    [Fact]
    public async Task A_plugin_that_reaches_into_the_server_is_refused_before_its_code_runs()
    {
        using var folder = new PluginsFolder();
        folder.Emit("snoop", il =>
        {
            il.Emit(OpCodes.Ldtoken, typeof(CoreOptions));
            il.Emit(OpCodes.Pop);
            il.Emit(OpCodes.Ret);
        });
        AssertFailed(await LoadAsync(folder), "snoop", "Calango.Core, which is private to the server");
    }

    [Fact]
    public async Task A_plugin_that_registers_more_than_it_declares_is_refused()
    {
        using var folder = new PluginsFolder();
        var echo = folder.CopyBuilt("echo", "1.0.0");
        var manifest = Path.Combine(echo, "plugin.json");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace("\"model-provider\"", "", StringComparison.Ordinal));
        AssertFailed(await LoadAsync(folder), "echo", "registers [model-provider]");
    }

    [Theory]
    [InlineData("""{"schema":1,"id":"plain","name":"P","version":"1.0.0","contract":"[1.0,2.0)","entry":"plain.dll","provides":[],"capabilities":{},"autostart":true}""", "autostart")]
    [InlineData("""{"schema":1,"id":"plain"}""", "missing required")]
    [InlineData("""{"schema":1,""", "plugin.json")]
    [InlineData("""{"schema":2,"id":"plain","name":"P","version":"1.0.0","contract":"[1.0,2.0)","entry":"plain.dll","provides":[],"capabilities":{}}""", "schema 2")]
    [InlineData("""{"schema":1,"id":"Not an id","name":"P","version":"1.0.0","contract":"[1.0,2.0)","entry":"plain.dll","provides":[],"capabilities":{}}""", "id is 'Not an id'")]
    [InlineData("""{"schema":1,"id":"plain","name":"P","version":"1.0.0","contract":"[2.0,3.0)","entry":"plain.dll","provides":[],"capabilities":{}}""", "needs contract [2.0,3.0)")]
    [InlineData("""{"schema":1,"id":"plain","name":"P","version":"1.0.0","contract":"1.x","entry":"plain.dll","provides":[],"capabilities":{}}""", "contract is '1.x'")]
    [InlineData("""{"schema":1,"id":"plain","name":"P","version":"1.0.0","contract":"[1.0,2.0)","entry":"../plain.dll","provides":[],"capabilities":{}}""", "entry is '../plain.dll'")]
    public async Task A_manifest_that_cannot_be_kept_is_refused_with_the_reason(string manifest, string reason)
    {
        using var folder = new PluginsFolder();
        folder.Emit("plain", il => il.Emit(OpCodes.Ret), manifest);
        Assert.Contains(reason, Assert.Single(await LoadAsync(folder)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_plugins_with_one_id_are_not_both_loaded()
    {
        using var folder = new PluginsFolder();
        folder.Emit("first", il => il.Emit(OpCodes.Ret));
        folder.Emit("second", il => il.Emit(OpCodes.Ret), PluginsFolder.Manifest("first").Replace("first.dll", "second.dll", StringComparison.Ordinal));
        Assert.Equal([PluginState.Active, PluginState.Failed], (await LoadAsync(folder)).Select(plugin => plugin.State));
    }

    private static async Task<IReadOnlyList<PluginStatus>> LoadAsync(PluginsFolder folder, TimeSpan? limit = null)
    {
        await using var kernel = await TestKernel.StartAsync(plugins: folder.Path, loadLimit: limit);
        return kernel.Get<PluginHost>().Plugins;
    }

    private static void AssertFailed(IReadOnlyList<PluginStatus> plugins, string id, string reason)
    {
        var plugin = plugins.Single(plugin => plugin.Id == id);
        Assert.Equal(PluginState.Failed, plugin.State);
        Assert.Contains(reason, plugin.Reason, StringComparison.Ordinal);
    }
}
