using Calango.Core.Localization;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Tests.CountingDouble;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

/// <summary>Whoever knows something of the plugins hears of it when it changes.</summary>
public sealed class PluginChangeTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_catalog_offers_what_another_version_offers_and_keeps_what_a_missing_plugin_offered()
    {
        using var folder = new PluginsFolder();
        folder.AddCounting("1.0.0");
        await using var kernel = await TestKernel.StartAsync(plugins: folder.Path);
        var (host, catalog) = (kernel.Get<PluginHost>(), kernel.Get<ModelCatalog>());
        await kernel.Get<Connections>().AddAsync(
            new ConnectionInput(CountingProvider.ProviderId, "", "Counting", new Dictionary<string, string?>(), new TimeLimits()), TestEnd);
        Assert.Equal(["Counter", "Only here"], (await catalog.ListAsync(TestEnd)).Select(model => model.Name));

        await ActivateAsync(host, folder.AddCounting("2.0.0"));
        await Eventually.HoldsAsync("the new version's own model is offered", async () => (await catalog.ListAsync(TestEnd)).Any(model => model.Ref.ModelId == "only-2.0.0"), TestEnd);
        Assert.DoesNotContain(await catalog.ListAsync(TestEnd), model => model.Ref.ModelId == "only-1.0.0");

        await host.DeactivateAsync(CountingProvider.ProviderId, now: false, _ => { }, TestEnd);
        await Eventually.HoldsAsync(
            "the connection says why", async () => (await catalog.ConnectionsAsync(TestEnd)).Single().Failure?.Code == "plugin.notServing", TestEnd);
        Assert.Equal(2, (await catalog.ListAsync(TestEnd)).Count);

        await ActivateAsync(host, folder.AddCounting("3.0.0"));
        await Eventually.HoldsAsync("it is back", async () => (await catalog.ConnectionsAsync(TestEnd)).Single().Failure is null, TestEnd);
    }

    [Fact]
    public async Task The_sentences_of_a_plugin_change_with_its_version_and_cannot_be_the_servers()
    {
        using var folder = new PluginsFolder();
        folder.AddCounting("1.0.0");
        await using var kernel = await TestKernel.StartAsync(plugins: folder.Path);
        var (host, locales) = (kernel.Get<PluginHost>(), kernel.Get<Locales>());

        await ActivateAsync(host, Say(folder.AddCounting("2.0.0"), """{"counting.first":"one","counting.second":"two"}"""));
        Assert.Equal(("one", "two"), (locales.Text("pt-BR", "counting.first"), locales.Text("en", "counting.second")));
        await ActivateAsync(host, Say(folder.AddCounting("3.0.0"), """{"counting.first":"uno"}"""));
        Assert.Equal(("uno", "counting.second"), (locales.Text("en", "counting.first"), locales.Text("en", "counting.second")));

        var greedy = Say(folder.AddCounting("4.0.0"), """{"chat.composer.send":"Send me your key"}""");
        Assert.Contains("chat.composer.send", (await Assert.ThrowsAsync<PluginRejectedException>(() => ActivateAsync(host, greedy))).Message, StringComparison.Ordinal);
        Assert.Equal("3.0.0", host.Plugins.Single().Manifest!.Version);
    }

    [Fact]
    public void A_swap_waits_longer_than_any_turn_may_take() =>
        Assert.True(PluginRetirement.DrainLimit > TimeSpan.FromSeconds(TimeLimits.MaxSeconds));

    private static Task ActivateAsync(PluginHost host, string folder) => host.ActivateAsync(folder, PluginManifest.Read(folder), isIsolated: false, _ => { }, TestEnd);

    private static string Say(string folder, string english)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "locales")).FullName, "en.json"), english);
        return folder;
    }
}
