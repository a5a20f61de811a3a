using System.Diagnostics.Metrics;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.LeakDouble;

namespace Calango.Core.Tests.Plugins;

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
        Do(host, row);
        PluginStep? unload = null;

        await host.DeactivateAsync(PluginsFolder.LeakDoubleId, now: false, step => unload = step, TestEnd);

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

    private static void Do(PluginHost host, string row)
    {
        using var lease = host.LeaseProvider("leaky")!;
        Assert.Equal(
            ProviderErrorKind.ModelNotFound,
            Assert.Throws<ProviderException>(() => lease.Provider("leaky").Connect(row, new SettingsValues(new Dictionary<string, string>()))).Kind);
    }
}
