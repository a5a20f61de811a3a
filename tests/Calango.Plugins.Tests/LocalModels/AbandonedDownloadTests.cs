using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

public sealed class AbandonedDownloadTests
{
    private static readonly DateTime Now = TimeProvider.System.GetUtcNow().UtcDateTime;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_nobody_went_on_with_is_deleted_and_can_be_downloaded_again()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        await File.WriteAllTextAsync(Path.Combine(host.Models, "mine.gguf.part"), "mine", Cancel);
        await CancelHalfwayAsync(registry, host);
        await File.WriteAllTextAsync(Path.Combine(host.Data, "downloads", new string('0', 64) + ".part"), "of an older catalogue", Cancel);
        await File.WriteAllTextAsync(Path.Combine(host.Models, "small.gguf.part"), "of a kill while it was put together", Cancel);
        Age(host, days: 8);

        // The libraries, which came first, are whole and in use.
        Assert.Equal(3, await host.Local.RemoveAbandonedAsync(Now.AddDays(-7), Cancel));

        Assert.Empty(host.HalfDownloads);
        Assert.Equal("mine.gguf.part", Path.GetFileName(Assert.Single(Directory.GetFiles(host.Models))));
        Assert.Equal(LocalModelState.Available, (await host.ModelAsync(SmallCatalogue.ModelId)).State);
        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);
        Assert.Equal(small.Content, await File.ReadAllBytesAsync(Path.Combine(host.Models, "small.gguf"), Cancel));
    }

    [Fact]
    public async Task A_part_that_is_whole_stays_while_the_next_one_comes()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        registry.Files.TryRemove("/weights-2/-/weights-2-1.0.0.tgz", out _);
        registry.HangAfter = 150_000;
        await CancelHalfwayAsync(registry, host, received: 110_000);
        Age(host, days: 30);
        var newest = host.HalfDownloads.MinBy(file => new FileInfo(file).Length)!;
        File.SetLastWriteTimeUtc(newest, Now.AddDays(-6));
        var before = host.HalfDownloads.Length;

        Assert.Equal(0, await host.Local.RemoveAbandonedAsync(Now.AddDays(-7), Cancel));

        // Both parts of the first source, and what came of the second.
        Assert.Equal((3, 3), (before, host.HalfDownloads.Length));
    }

    [Fact]
    public async Task What_is_being_downloaded_stays_however_old_it_is()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        registry.HangAfter = 50_000;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var install = host.InstallAsync(SmallCatalogue.ModelId, cancel.Token);
        await ReceivedAsync(host, 1);
        Age(host, days: 30);

        Assert.Equal(0, await host.Local.RemoveAbandonedAsync(Now.AddDays(-7), Cancel));

        Assert.NotEmpty(host.HalfDownloads);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => install);
    }

    private static async Task CancelHalfwayAsync(ScriptedRegistry registry, LocalModelsHost host, long received = 1)
    {
        registry.HangAfter ??= 50_000;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var install = host.InstallAsync(SmallCatalogue.ModelId, cancel.Token);
        await ReceivedAsync(host, received);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => install);
        registry.HangAfter = null;
    }

    private static async Task ReceivedAsync(LocalModelsHost host, long bytes)
    {
        while ((await host.ModelAsync(SmallCatalogue.ModelId)).ReceivedBytes < bytes)
        {
            Cancel.ThrowIfCancellationRequested();
        }
    }

    private static void Age(LocalModelsHost host, int days)
    {
        foreach (var file in host.HalfDownloads.Concat(Directory.GetFiles(host.Models)))
        {
            File.SetLastWriteTimeUtc(file, Now.AddDays(-days));
        }
    }
}
