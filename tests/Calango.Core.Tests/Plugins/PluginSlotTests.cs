using Calango.Core.Data;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace Calango.Core.Tests.Plugins;

public sealed class PluginSlotTests : IDisposable
{
    private readonly PluginsFolder _folder = new();
    private readonly string _data = TestFolders.NewTemporary("data");

    [Fact]
    public async Task A_generation_ends_only_when_its_last_lease_is_back()
    {
        var slot = new PluginSlot("echo");
        slot.Exchange(await LoadAsync("1.0.1"));
        var lease = slot.TryLease()!;

        var stopped = slot.Exchange(await LoadAsync("1.0.2"))!.StopAsync(TimeSpan.FromMinutes(5));

        Assert.False(stopped.IsCompleted);
        Assert.Equal("1.0.1", lease.Generation.Manifest.Version);
        Assert.Single(lease.Generation.Providers);
        using (var newer = slot.TryLease()!)
        {
            Assert.Equal("1.0.2", newer.Generation.Manifest.Version);
        }

        lease.Dispose();
        lease.Dispose();
        await stopped.WaitAsync(TimeSpan.FromMinutes(1));
        await slot.Exchange(null)!.StopAsync(TimeSpan.Zero);
        Assert.Null(slot.TryLease());
    }

    [Fact]
    public async Task Every_lease_of_a_busy_slot_is_of_a_living_generation_while_it_is_swapped()
    {
        var slot = new PluginSlot("echo");
        slot.Exchange(await LoadAsync("1.0.3"));
        using var done = new CancellationTokenSource();
        var begun = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource()).ToArray();
        var users = begun.Select(first => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                using var lease = slot.TryLease();
                Assert.NotNull(lease);
                Assert.Single(lease.Generation.Providers);
                first.TrySetResult();
                await Task.Yield();
            }
        })).ToArray();
        await Task.WhenAll(begun.Select(first => first.Task));

        for (var swap = 0; swap < 20; swap++)
        {
            await slot.Exchange(await LoadAsync($"1.1.{swap}"))!.StopAsync(TimeSpan.FromMinutes(1));
        }

        await done.CancelAsync();
        await Task.WhenAll(users);
        await slot.Exchange(null)!.StopAsync(TimeSpan.Zero);
    }

    public void Dispose()
    {
        _folder.Dispose();
        TestFolders.Delete(_data);
    }

    private Task<PluginGeneration> LoadAsync(string version)
    {
        var plugin = _folder.CopyBuilt("echo", version);
        var options = new CoreOptions { DataFolder = _data, PluginsFolder = _folder.Path, LocalesFolder = _data, Database = new DatabaseOptions() };
        var services = new ServerServices(options, NullLoggerFactory.Instance, TimeProvider.System);
        var isolation = new IsolationServices(options, new Sandbox(options), NullLoggerFactory.Instance, TimeProvider.System);
        return new PluginLoader(services, isolation, TimeSpan.FromMinutes(1)).LoadAsync(plugin, PluginManifest.Read(plugin));
    }
}
