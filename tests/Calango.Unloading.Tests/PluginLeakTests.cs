using System.Diagnostics.Metrics;
using Calango.Core.Plugins;
using Calango.Core.Tests;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.LeakDouble;
using Calango.Tests.Support.Upstream;

namespace Calango.Unloading.Tests;

/// <summary>One row for each thing that keeps the code of an unloaded plugin in memory, and for some that only look like it.</summary>
public sealed class PluginLeakTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public static TheoryData<string> Rows => [.. Leaks.All.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task The_code_of_a_plugin_leaves_the_memory_whatever_it_did(string row)
    {
        using var folder = new PluginsFolder();
        folder.AddLeakDouble();
        await using var kernel = await TestKernel.StartAsync(plugins: folder.Path);
        var host = kernel.Get<PluginHost>();
        Do(host, "leaky", row, []);
        PluginStep? unload = null;

        await host.DeactivateAsync(PluginsFolder.LeakDoubleId, now: false, step => unload = step, TestEnd);

        Assert.Equal((PluginStepName.Unload, null), (unload!.Name, unload.Reason));
        Assert.Equal(PluginState.Unloaded, host.Plugins.Single().State);
    }

    [Theory]
    [InlineData("newtonsoft")]
    [InlineData("polly")]
    [InlineData("ef-core")]
    [InlineData("sqlite")]
    [InlineData("npgsql")]
    [InlineData("http-factory")]
    [InlineData("fluent-validation")]
    [InlineData("markdig")]
    [InlineData("generated-json")]
    [InlineData("logger")]
    public async Task The_code_of_a_plugin_leaves_the_memory_whatever_library_it_used(string row)
    {
        using var folder = new PluginsFolder();
        folder.AddLibraryDouble();
        await using var service = await ScriptedUpstream.StartAsync();
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await using var kernel = await TestKernel.StartAsync(plugins: folder.Path);
        var host = kernel.Get<PluginHost>();
        Assert.Null(host.Plugins.Single().Reason);
        Do(host, "libraries", row, new() { ["postgres"] = database.Options.Postgres!, ["address"] = $"{service.Address}/models" });
        PluginStep? unload = null;

        await host.DeactivateAsync(PluginsFolder.LibraryDoubleId, now: false, step => unload = step, TestEnd);

        Assert.Equal((PluginStepName.Unload, null), (unload!.Name, unload.Reason));
        Assert.Equal(PluginState.Unloaded, host.Plugins.Single().State);
    }

    [Fact]
    public void What_the_sweep_reaches_into_is_where_it_looks_for_it()
    {
        using var meter = new Meter("canary");
        Func<int> value = () => 1;
        Assert.Contains<Delegate>(value, Sweep.CallbacksOf(meter.CreateObservableGauge("canary.value", value)));
        Assert.True(TimerLists.AreKnown);
        Assert.NotNull(Sweep.FunctionCache?.FieldType.GetMethod("Clear", []));
        Assert.Superset(
            new HashSet<string> { "ProcessExit", "UnhandledException", "FirstChanceException", "AssemblyLoad", "UnobservedTaskException" },
            Sweep.EventFields().Select(found => found.Field.Name).ToHashSet());
    }

    private static void Do(PluginHost host, string provider, string row, Dictionary<string, string> settings)
    {
        using var lease = host.LeaseProvider(provider)!;
        Assert.Equal(
            ProviderErrorKind.ModelNotFound,
            Assert.Throws<ProviderException>(() => lease.Provider(provider).Connect(row, new SettingsValues(settings))).Kind);
    }
}
