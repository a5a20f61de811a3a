using Calango.Plugins.LocalModels;
using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

public sealed class InstallTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_arrives_whole_with_its_libraries()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);

        var steps = await host.InstallAsync(SmallCatalogue.ModelId, Cancel);

        Assert.Equal(small.Content, await File.ReadAllBytesAsync(Path.Combine(host.Models, "small.gguf"), Cancel));
        Assert.Equal(["libllama.so"], Directory.GetFiles(Path.Combine(host.Data, "runtimes", "libraries-3.0.0")).Select(Path.GetFileName));
        Assert.Empty(host.HalfDownloads);
        Assert.Equal(InstallStage.Installed, steps[^1].Stage);
        Assert.Equal(steps[^1].TotalBytes, steps[^1].ReceivedBytes);
        Assert.Equal(LocalModelState.Installed, (await host.ModelAsync(SmallCatalogue.ModelId)).State);
    }

    [Fact]
    public async Task A_cancelled_download_goes_on_where_it_stopped()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        registry.HangAfter = 50_000;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var install = host.InstallAsync(SmallCatalogue.ModelId, cancel.Token);
        while ((await host.ModelAsync(SmallCatalogue.ModelId)).ReceivedBytes == 0)
        {
            Cancel.ThrowIfCancellationRequested();
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => install);
        var half = await host.ModelAsync(SmallCatalogue.ModelId);
        registry.HangAfter = null;
        registry.Requests.Clear();
        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);

        Assert.Equal(LocalModelState.Partial, half.State);
        Assert.InRange(half.ReceivedBytes, 1, 50_000);
        Assert.Equal(("/weights-1/-/weights-1-1.0.0.tgz", half.ReceivedBytes), registry.Requests.First());
        Assert.Equal(small.Content, await File.ReadAllBytesAsync(Path.Combine(host.Models, "small.gguf"), Cancel));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_taken_up_again()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);
        await host.Local.RemoveAsync(SmallCatalogue.ModelId, Cancel);
        registry.Requests.Clear();
        registry.CutAfter = 30_000;

        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);

        Assert.Contains(registry.Requests, request => request is { Path: "/weights-1/-/weights-1-1.0.0.tgz", From: > 0 and <= 30_000 });
        Assert.Equal(LocalModelState.Installed, (await host.ModelAsync(SmallCatalogue.ModelId)).State);
    }

    [Fact]
    public async Task A_server_without_ranges_begins_again()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        registry.IgnoresRanges = true;
        var half = Path.Combine(host.Data, "downloads", small.Catalogue.Models[0].Files[0].Sources[0][0].Sha256 + ".part");
        Directory.CreateDirectory(Path.GetDirectoryName(half)!);
        await File.WriteAllBytesAsync(half, new byte[1000], Cancel);

        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);

        Assert.Equal(small.Content, await File.ReadAllBytesAsync(Path.Combine(host.Models, "small.gguf"), Cancel));
    }

    [Fact]
    public async Task The_second_source_serves_when_the_first_is_gone()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        registry.Files.TryRemove("/weights-2/-/weights-2-1.0.0.tgz", out _);

        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);

        Assert.Contains(registry.Requests, request => request.Path == "/elsewhere/small.gguf");
        Assert.Equal(small.Content, await File.ReadAllBytesAsync(Path.Combine(host.Models, "small.gguf"), Cancel));
        Assert.Empty(host.HalfDownloads);
    }

    [Fact]
    public async Task A_wrong_checksum_deletes_what_came()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        registry.Files["/weights-1/-/weights-1-1.0.0.tgz"][100] ^= 1;
        registry.Files.TryRemove("/elsewhere/small.gguf", out _);

        var failure = await Assert.ThrowsAsync<LocalModelException>(() => host.InstallAsync(SmallCatalogue.ModelId, Cancel));

        Assert.Equal(LocalModelErrorKind.ChecksumMismatch, failure.Kind);
        Assert.Empty(Directory.GetFiles(host.Models));
        Assert.Equal((LocalModelState.Available, 0), ((await host.ModelAsync(SmallCatalogue.ModelId)).State, host.HalfDownloads.Sum(file => new FileInfo(file).Length)));
    }

    [Fact]
    public async Task No_registry_is_told_as_such()
    {
        var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        await registry.DisposeAsync();

        var failure = await Assert.ThrowsAsync<LocalModelException>(() => host.InstallAsync(SmallCatalogue.ModelId, Cancel));

        Assert.Equal(LocalModelErrorKind.DownloadFailed, failure.Kind);
    }

    [Fact]
    public async Task A_full_disk_is_told_as_such()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no device that is always full.");
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        var half = Path.Combine(host.Data, "downloads", small.Catalogue.Runtimes[0].Download.Sha256 + ".part");
        Directory.CreateDirectory(Path.GetDirectoryName(half)!);
        File.CreateSymbolicLink(half, "/dev/full");

        var failure = await Assert.ThrowsAsync<LocalModelException>(() => host.InstallAsync(SmallCatalogue.ModelId, Cancel));

        Assert.Equal(LocalModelErrorKind.DiskFull, failure.Kind);
    }

    [Fact]
    public async Task A_model_too_large_for_the_disk_is_refused_before_the_first_byte()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry).Catalogue;
        var model = small.Models[0];
        var huge = small with { Models = [model with { Files = [model.Files[0] with { Bytes = 1L << 60 }] }] };
        await using var host = new LocalModelsHost(huge, registry.Address);

        var failure = await Assert.ThrowsAsync<LocalModelException>(() => host.InstallAsync(SmallCatalogue.ModelId, Cancel));

        Assert.Equal(LocalModelErrorKind.DiskFull, failure.Kind);
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task F03_an_archive_cannot_write_outside_its_folder()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(
            registry, ("package/bins/here/../../../evil", [1]), ("package/bins/here/sub/evil", [1]), ("/tmp/evil", [1]), ("package/bins/here/..", [1]));
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);

        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);

        Assert.DoesNotContain(Directory.EnumerateFiles(Path.GetDirectoryName(host.Data)!, "*", SearchOption.AllDirectories), file => file.EndsWith("evil", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_model_is_told_as_such()
    {
        await using var host = new LocalModelsHost();

        var failure = await Assert.ThrowsAsync<LocalModelException>(() => host.InstallAsync("../../etc/passwd", Cancel));

        Assert.Equal(LocalModelErrorKind.UnknownModel, failure.Kind);
    }

    [Fact]
    public async Task Removing_a_model_removes_its_half_downloads_too()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        registry.Files.TryRemove("/weights-2/-/weights-2-1.0.0.tgz", out _);
        registry.Files.TryRemove("/elsewhere/small.gguf", out _);
        await Assert.ThrowsAsync<LocalModelException>(() => host.InstallAsync(SmallCatalogue.ModelId, Cancel));
        Assert.Equal(LocalModelState.Partial, (await host.ModelAsync(SmallCatalogue.ModelId)).State);

        await host.Local.RemoveAsync(SmallCatalogue.ModelId, Cancel);

        Assert.Empty(host.HalfDownloads);
        Assert.Equal(LocalModelState.Available, (await host.ModelAsync(SmallCatalogue.ModelId)).State);
    }

    [Theory]
    [InlineData("https://mirror.example/npm", "registry=https://other.example/", "https://mirror.example/npm/left/-/left-1.0.0.tgz")]
    [InlineData(null, "# a comment\nregistry = https://other.example/\n", "https://other.example/left/-/left-1.0.0.tgz")]
    [InlineData(null, "registry=not an address", "https://registry.npmjs.org/left/-/left-1.0.0.tgz")]
    public void Packages_come_from_where_npm_takes_them(string? environment, string userConfiguration, string expected)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, userConfiguration);

        var registry = NpmRegistry.From(environment, file);

        File.Delete(file);
        Assert.Equal(expected, registry.TarballOf("left@1.0.0").AbsoluteUri);
    }

    [Fact]
    public void A_scoped_package_has_its_scope_in_the_path_once() => Assert.Equal(
        "https://registry.npmjs.org/@scope/left/-/left-1.0.0.tgz",
        NpmRegistry.From(null, "/nowhere/.npmrc").TarballOf("@scope/left@1.0.0").AbsoluteUri);

    [Fact]
    public async Task A_model_that_is_here_is_verified_and_what_is_damaged_comes_anew()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var small = new SmallCatalogue(registry);
        await using var host = new LocalModelsHost(small.Catalogue, registry.Address);
        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);
        registry.Requests.Clear();

        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);
        Assert.Empty(registry.Requests);

        var file = Path.Combine(host.Models, "small.gguf");
        var damaged = await File.ReadAllBytesAsync(file, Cancel);
        damaged[^1] ^= 1;
        await File.WriteAllBytesAsync(file, damaged, Cancel);
        await host.InstallAsync(SmallCatalogue.ModelId, Cancel);

        Assert.Equal(small.Content, await File.ReadAllBytesAsync(file, Cancel));
    }
}
